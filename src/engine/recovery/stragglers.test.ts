import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recovery } from '../../model/recovery/records.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import type { DeposedPrimary } from './deposed.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import { Stragglers } from './stragglers.ts'

const [old, successor, below] = [instanceKey('old', 3306), instanceKey('successor', 3306), instanceKey('below', 3306)]

const seen = (key: InstanceKey, source: InstanceKey | null): Instance => {
  const bare = bareInstance(key)
  const link = source === null ? null : { ...bareLink(source), receiver: 'running' as const, applier: 'running' as const, gtid: 'mysql' as const }
  return { ...bare, readOnly: source !== null, logBin: true, logReplicaUpdates: true, gtidMode: 'ON', serverId: key.length, serverUuid: key, replication: link, channels: link === null ? [] : [link], check: { ...bare.check, lastSeenAt: 2000, lastCheckedAt: 2000 } }
}

/** A replica below a replaced primary; `oldIs`: what a look at that one now finds. Answers who was looked at and on which servers plans were run. */
async function judged(oldIs: Instance | undefined): Promise<{ readonly looked: readonly InstanceKey[]; readonly changed: readonly InstanceKey[]; readonly said: readonly string[] }> {
  const dead: Instance = { ...seen(old, null), check: { ...seen(old, null).check, failure: { kind: 'refused', number: null, text: 'refused' } } }
  const instances = new Map([[old, dead], [successor, seen(successor, null)], [below, seen(below, old)]])
  const [looked, changed, said] = [[] as InstanceKey[], [] as InstanceKey[], [] as string[]]
  const topology = (): Topology => new Topology(1, instances)
  const fleet: Fleet = {
    topology, get: key => instances.get(key),
    look: key => { looked.push(key); return Promise.resolve(key === old ? oldIs : instances.get(key)) },
  }
  const parts = {
    clock: { now: () => 3000, monotonic: () => 0 }, isLeader: () => true, log: { warning: () => undefined, error: (text: string, more: unknown) => assert.fail(`${text} ${JSON.stringify(more)}`) },
    audit: { write: (...all: unknown[]) => said.push(String(all.at(-1))) }, store: { recoveries: { appendStep: () => Promise.resolve() } },
    execution: {
      locks: { ownerOf: () => undefined },
      run: (plan: { readonly steps: readonly { readonly step: { readonly on: InstanceKey } }[] }) => {
        changed.push(...new Set(plan.steps.map(({ step }) => step.on)))
        return Promise.resolve({ state: 'done', failure: null, steps: [], undone: [], parts: new Map(), fresh: new Map(), bindings: new Map() })
      },
    },
  }
  const replication = { verifyReplicationFilters: false, lowerReplicaVersionAllowed: false }
  const policies = { durability: [], promotion: { replication } }
  const stragglers = new Stragglers(parts as unknown as RecoveryParts, policies as unknown as Policies, fleet) // no more of them is asked for here
  const deposed = { key: old, successor, recovery: { uid: 'u1', command: '', clusterName: successor, startedAt: 1000, endedAt: 1500 } as unknown as Recovery } as DeposedPrimary
  stragglers.judge([deposed])
  await new Promise(resolve => setImmediate(resolve)) // nothing of it waits for time
  return { looked, changed, said }
}

test('a replica that is found below a primary that was replaced and is dead follows the new one', async () => {
  const { changed, said } = await judged(undefined)
  assert.deepEqual(changed, [below], said.join('; '))
  assert.match(said.join('; '), /was found below old:3306 after that was replaced: it follows successor:3306 now/)
})

test('a replica below a replaced primary that follows by now, though nobody had read that yet, is left where somebody put it', async () => {
  const { looked, changed } = await judged(seen(old, successor))
  assert.ok(looked.includes(old))
  assert.deepEqual(changed, [])
})
