import { isRefusal } from '../../../src/model/planning/plan.ts'
import { defaultRelocatePolicy } from '../../../src/model/planning/relocate-judgement.ts'
import { planKeepRoles, planRepairSemiSync } from '../../../src/model/planning/repair-semi-sync.ts'
import { planRestartReceivers } from '../../../src/model/planning/restart-receivers.ts'
import { semiSyncSwitches } from '../../../src/model/planning/semi-sync-roles.ts'
import { acknowledgersElsewhere, hasLeft, proofOf } from '../../../src/model/planning/durability.ts'
import { isLastCheckValid } from '../../../src/model/topology/instance.ts'
import { bareInstance } from '../../../src/model/topology/fresh-instance.ts'
import { caseKey } from './attributes.ts'
import type { Command } from './commands.ts'
import { plannedLines, reasonText } from './plan-text.ts'

export const repairCommands: readonly Command[] = [
  {
    says: 'What has to be switched so that a primary and its replicas have the roles of a durability policy.',
    pattern: /^keep roles of (\S+) under (semi-sync|cross-dc-semi-sync)$/,
    run: ({ topology }, [, server = '', word]) => {
      const primary = topology.get(caseKey(server)) ?? bareInstance(caseKey(server))
      const policy = word === 'semi-sync' ? word : 'cross-dc-semi-sync'
      const plan = planKeepRoles(topology, primary, policy, defaultRelocatePolicy)
      if (plan === null) return { lines: ['nothing to do'] }
      return { lines: plannedLines(plan), planned: { plan, wish: 'the roles of the policy', wished: () => [] } }
    },
  },
  {
    says: 'Whether nothing that a primary acknowledged can be missing when these replicas stopped receiving; without a list all that answer.',
    pattern: /^prove that nothing of ([^\s,]+) is missing(?:, reached (.*))?$/,
    run: ({ topology }, [, server = '', words]) => {
      const failed = topology.get(caseKey(server)) ?? bareInstance(caseKey(server))
      const replicas = topology.replicasOf(failed.key)
      const reached = words === undefined ? replicas.filter(isLastCheckValid).map(({ key }) => key) : words.split(' ').filter(word => word !== '').map(caseKey)
      const { servers } = acknowledgersElsewhere(failed, replicas, topology.instances.values())
      const left = words === undefined ? servers.filter(server => hasLeft(server, failed.key)).map(({ key }) => key) : []
      const proof = proofOf(failed, replicas, new Set([...reached, ...left]), topology.instances.values())
      return { lines: [`${proof.proven ? 'proven' : 'unproven'}: ${reasonText(proof.because)}`] }
    },
  },
  {
    says: 'Which receivers are restarted when a source does not answer and all its replicas lag; behind a comma those that were restarted lately.',
    pattern: /^restart receivers of ([^\s,]+)(?:, not (.*))?$/,
    run: ({ topology }, [, server = '', rested = '']) => {
      const source = caseKey(server)
      const lately = new Set(rested.split(' ').filter(word => word !== '').map(caseKey))
      const plan = planRestartReceivers(topology, source, key => !lately.has(key))
      return {
        lines: plannedLines(plan),
        planned: { plan, wish: 'every receiver running', wished: after => after.replicasOf(source).flatMap(({ key, replication }) => (replication?.receiver === 'stopped' ? [`${key} receives nothing`] : [])) },
      }
    },
  },
  {
    says: 'The plan that gives a semi-sync source the replicas it waits for: "enough" switches missing ones on, "exact" also others off.',
    pattern: /^repair semi-sync of (\S+), (exact|enough)$/,
    run: ({ topology }, [, server = '', word]) => {
      const source = topology.get(caseKey(server)) ?? bareInstance(caseKey(server))
      const mode = word === 'exact' ? 'exact' : 'enough'
      const plan = planRepairSemiSync(topology, source, mode, defaultRelocatePolicy)
      if (isRefusal(plan)) return { lines: plannedLines(plan) }
      const wanted = semiSyncSwitches(source, topology.replicasOf(source.key), mode)
      return {
        lines: plannedLines(plan),
        planned: {
          plan, wish: `${wanted.map(({ replica, enabled }) => `${replica.key} ${enabled ? 'on' : 'off'}`).join(', ')}`,
          wished: after => wanted.flatMap(({ replica, enabled }) => (after.get(replica.key)?.semiSync?.replicaEnabled === enabled ? [] : [`${replica.key} is not as wished`])),
        },
      }
    },
  },
]
