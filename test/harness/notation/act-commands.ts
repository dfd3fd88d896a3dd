import { planFlushBinaryLogs, planPurgeBinaryLogs } from '../../../src/model/planning/binary-logs.ts'
import { planCredentials } from '../../../src/model/planning/credentials.ts'
import { planDelay } from '../../../src/model/planning/delay.ts'
import { planDetach, planReattach } from '../../../src/model/planning/detach.ts'
import { planForgetErrant, planInjectErrant } from '../../../src/model/planning/errant.ts'
import { planKillQuery } from '../../../src/model/planning/kill-query.ts'
import { isRefusal, type Planned } from '../../../src/model/planning/plan.ts'
import { defaultRelocatePolicy as policy } from '../../../src/model/planning/relocate-judgement.ts'
import { planResetReplica } from '../../../src/model/planning/reset-replica.ts'
import { planSemiSync } from '../../../src/model/planning/semi-sync.ts'
import { planRejoinPrimary } from '../../../src/model/planning/rejoin-primary.ts'
import { planReprovision } from '../../../src/model/planning/reprovision.ts'
import { planSingle } from '../../../src/model/planning/single.ts'
import { planSkipQuery } from '../../../src/model/planning/skip-query.ts'
import { planStopNicely } from '../../../src/model/planning/stop-nice.ts'
import { planDisableGtid, planEnableGtid } from '../../../src/model/planning/use-gtid.ts'
import { planWaitPosition } from '../../../src/model/planning/wait-position.ts'
import { isReplica, type Instance } from '../../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { caseKey } from './attributes.ts'
import type { Command, PlannedRun } from './commands.ts'
import { plannedLines } from './plan-text.ts'

interface Act {
  readonly plan: (topology: Topology, key: InstanceKey, words: string) => Planned
  readonly wish: string
  /** Whether the wish came true on the server. */
  readonly holds: (after: Instance, before: Instance, topology: Topology) => boolean
}

const follows = (instance: Instance): string => instance.replication?.source ?? ''
const runs = ({ replication: link }: Instance): boolean => link?.receiver !== 'stopped' && link?.applier === 'running'
const asBefore = (after: Instance, before: Instance): boolean => follows(after) === follows(before) && after.replication?.applier === before.replication?.applier

/** One entry for each act on one server. Words behind the server's name are what the act needs beside it. */
const acts: Readonly<Record<string, Act>> = {
  'skip-query': { plan: planSkipQuery, wish: 'its applier running', holds: after => after.replication?.applier === 'running' },
  'gtid-errant-inject-empty': { plan: planInjectErrant, wish: 'no transaction that only it has', holds: (after, _before, topology) => [...topology.instances.values()].some(other => other.key !== after.key && other.executedGtidSet.includes(after.serverUuid)) },
  'gtid-errant-reset-master': { plan: planForgetErrant, wish: 'no errant transaction', holds: (after, before) => after.errantGtidSet === '' && asBefore(after, before) },
  'detach-replica': { plan: (topology, key) => planDetach(topology, key, policy), wish: 'its source marked', holds: (after, before) => follows(after) === `//${follows(before)}` && after.replication?.applier === before.replication?.applier },
  'reattach-replica': { plan: (topology, key) => planReattach(topology, key, policy), wish: 'its source again', holds: (after, before) => `//${follows(after)}` === follows(before) && runs(after) },
  'reset-replica': { plan: (topology, key) => planResetReplica(topology, key, policy), wish: 'no source', holds: after => !isReplica(after) },
  'enable-gtid': { plan: (topology, key) => planEnableGtid(topology, key, policy), wish: 'GTID in use', holds: (after, before) => after.replication?.gtid !== 'none' && asBefore(after, before) },
  'disable-gtid': { plan: (topology, key) => planDisableGtid(topology, key, policy), wish: 'file and position in use', holds: (after, before) => after.replication?.gtid === 'none' && asBefore(after, before) },
  'delay-replication': { plan: (topology, key, words) => planDelay(topology, key, words, policy), wish: 'its delay', holds: (after, before) => asBefore(after, before) },
  'enable-semi-sync-source': { plan: (topology, key) => planSemiSync(topology, key, 'source', true), wish: 'semi-sync', holds: after => after.semiSync?.sourceEnabled === true },
  'disable-semi-sync-source': { plan: (topology, key) => planSemiSync(topology, key, 'source', false), wish: 'no semi-sync', holds: after => after.semiSync?.sourceEnabled === false },
  'enable-semi-sync-replica': { plan: (topology, key) => planSemiSync(topology, key, 'replica', true), wish: 'semi-sync', holds: (after, before) => after.semiSync?.replicaEnabled === true && asBefore(after, before) },
  'disable-semi-sync-replica': { plan: (topology, key) => planSemiSync(topology, key, 'replica', false), wish: 'no semi-sync', holds: (after, before) => after.semiSync?.replicaEnabled === false && asBefore(after, before) },
  'flush-binary-logs': { plan: (topology, key, words) => planFlushBinaryLogs(topology, key, words === '' ? undefined : words), wish: 'new binary logs', holds: asBefore },
  'purge-binary-logs': { plan: (topology, key, words) => planPurgeBinaryLogs(topology, key, words.replace(' forced', ''), words.endsWith(' forced')), wish: 'fewer binary logs', holds: asBefore },
  'kill-query': { plan: planKillQuery, wish: 'nothing else changed', holds: asBefore },
  'stop-replica-nice': { plan: (topology, key) => planStopNicely(topology, key, policy), wish: 'both threads stopped', holds: after => after.replication?.receiver === 'stopped' && after.replication.applier === 'stopped' },
  'stop-replica': { plan: (topology, key) => planSingle(topology, key, 'stop-replica', { alsoSuper: true }), wish: 'both threads stopped', holds: after => after.replication?.receiver === 'stopped' && after.replication.applier === 'stopped' },
  'start-replica': { plan: (topology, key, words) => planSingle(topology, key, 'start-replica', { alsoSuper: true, semiSync: { enforcesExact: words === 'exact', recoversLocked: words === 'enough' } }), wish: 'both threads running', holds: runs },
  'restart-replica': { plan: (topology, key) => planSingle(topology, key, 'restart-replica', { alsoSuper: true }), wish: 'both threads running', holds: runs },
  'set-read-only': { plan: (topology, key) => planSingle(topology, key, 'set-read-only', { alsoSuper: true }), wish: 'writes refused', holds: after => after.readOnly },
  'set-writeable': { plan: (topology, key) => planSingle(topology, key, 'set-writeable', { alsoSuper: true }), wish: 'writes accepted', holds: after => !after.readOnly },
  'change-credentials': { plan: planCredentials, wish: 'its account', holds: asBefore },
  'rejoin-primary': { plan: (topology, key, words) => planRejoinPrimary(topology, { old: key, source: caseKey(words) }, policy.replication), wish: 'a source', holds: after => isReplica(after) && runs(after) && after.readOnly },
  'rejoin-primary-inject-empty': { plan: (topology, key, words) => planRejoinPrimary(topology, { old: key, source: caseKey(words), injectsEmpty: true }, policy.replication), wish: 'a source', holds: after => isReplica(after) && runs(after) && after.readOnly },
  'reprovision': { plan: (topology, key, words) => planReprovision(topology, { old: key, source: caseKey(words.split(' ')[0] ?? ''), donor: words.includes(' ') ? caseKey(words.split(' ')[1] ?? '') : null }, policy.replication), wish: 'a source', holds: after => isReplica(after) && runs(after) && after.readOnly },
  'wait-position': { plan: (topology, key, words) => planWaitPosition(topology, key, words, policy), wish: 'nothing changed', holds: asBefore },
}

/** Names of all acts. */
export const actNames: readonly string[] = Object.keys(acts)

/** Makes the plan of an act, with what it must come to. */
export function planAct(name: string, topology: Topology, key: InstanceKey, words: string): { readonly planned: Planned; readonly run: PlannedRun | null } {
  const act = acts[name]
  if (act === undefined) throw new Error(`${name} is no act`)
  const plan = act.plan(topology, key, words)
  if (isRefusal(plan)) return { planned: plan, run: null }
  const wished = (after: Topology): readonly string[] => {
    const [was, is] = [topology.get(key), after.get(key)]
    return was !== undefined && is !== undefined && act.holds(is, was, after) ? [] : [`${key} has not ${act.wish}`]
  }
  return { planned: plan, run: { plan, wish: `${key} with ${act.wish}`, wished } }
}

export const actCommands: readonly Command[] = [
  {
    says: `The plan of an act on one server, or why there is none: ${actNames.join(', ')}; behind the server what the act needs (seconds, a file, "F forced", a thread, file:position).`,
    pattern: new RegExp(`^act (${actNames.join('|')}) on (\\S+)(?: (.*))?$`),
    run: ({ topology }, [, name = '', server = '', words = '']) => {
      const { planned, run } = planAct(name, topology, caseKey(server), words)
      if (isRefusal(planned) || run === null) return { lines: plannedLines(planned) }
      return planned.steps.length === 0 ? { lines: [...plannedLines(planned), 'nothing to do'] } : { lines: plannedLines(planned), planned: run }
    },
  },
]
