import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseKey } from '../../../test/harness/notation/attributes.ts'
import { topologyFromText } from '../../../test/harness/notation/topology-text.ts'
import { defaultValues } from '../../kit/setting.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Fleet } from './fleet.ts'
import { prepareTakeover } from './graceful-takeover.ts'
import { policiesOf } from './policies.ts'
import { recoverySettings } from './settings.ts'

const [db1, db2] = [caseKey('db1'), caseKey('db2')]

/** Looks at the primary are answered in turn; `between`: what polls have made of the topology by the time of the second one. */
async function codeOf(first: Topology, second: Instance | undefined, between: Topology = first): Promise<string> {
  let [topology, looks] = [first, 0]
  const fleet: Pick<Fleet, 'topology' | 'get' | 'look'> = {
    topology: () => topology, get: key => topology.get(key),
    look: key => {
      if (key === db1 && looks++ > 0) {
        topology = between
        return Promise.resolve(second)
      }
      return Promise.resolve(topology.get(key))
    },
  }
  // What decides here is read alone; nothing else of a fleet is asked for.
  const prepared = await prepareTakeover(fleet as Fleet, policiesOf(defaultValues(recoverySettings)), db1, { designated: db2, auto: true, by: 'ann' })
  return prepared.ok ? 'prepared' : prepared.failure.code
}

const read = (text: string): Topology => topologyFromText(text)

test('what a replica got after the primary was read is not called errant, though a poll has read the replica again meanwhile', async () => {
  const before = read('db1 gtid=A:1-100\n  db2 gtid=A:1-100')
  const later = read('db1 gtid=A:1-100\n  db2 gtid=A:1-120')
  assert.equal(await codeOf(before, before.get(db1), later), 'prepared')
})

test('what only the successor has stops a takeover', async () => {
  const both = read('db1 gtid=A:1-100\n  db2 gtid=A:1-100,B:1')
  assert.equal(await codeOf(both, both.get(db1)), 'errant')
})

test('a primary that does not answer the last look is not judged by an older one', async () => {
  const stale = read('db1 gtid=A:1-90\n  db2 gtid=A:1-100')
  assert.equal(await codeOf(stale, undefined), 'primary-unreachable')
})

test('the successor is waited for as long as is asked, or as is configured', async () => {
  const topology = read('db1 gtid=A:1-100\n  db2 gtid=A:1-100')
  const fleet: Pick<Fleet, 'topology' | 'get' | 'look'> = { topology: () => topology, get: key => topology.get(key), look: key => Promise.resolve(topology.get(key)) }
  const settings = defaultValues(recoverySettings)
  const waits = async (wish: { readonly catchUpSeconds?: number }): Promise<readonly number[]> => {
    const prepared = await prepareTakeover(fleet as Fleet, policiesOf(settings), db1, { designated: db2, auto: true, by: 'ann', ...wish })
    return prepared.ok ? prepared.value.takeover.fence.steps.flatMap(({ step }) => (step.do === 'wait-executed' ? [step.timeoutMilliseconds] : [])) : []
  }
  const configured = settings.reasonableMaintenanceLagSeconds * 1000
  assert.deepEqual([await waits({}), await waits({ catchUpSeconds: 7 })], [[configured, configured], [7000, 7000]])
})
