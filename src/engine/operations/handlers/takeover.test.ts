import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract } from '../../../contract/all.ts'
import { fail, ok } from '../../../kit/result.ts'
import type { Recovery } from '../../../model/recovery/records.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { commandLine } from '../command-line.ts'
import type { OperationParts } from '../parts.ts'
import { recoveryHandlers } from './recovery.ts'

const [old, heir] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
// The handler looks at nothing else of the record.
const recovery = { key: old, successor: heir, errors: [] as readonly string[] } as Recovery

/** What was asked of the engine and what was decided, in the order of it. */
async function takenOver(input: { readonly seconds?: number; readonly duration?: number }, how: 'done' | 'refused' | 'nobody-decides') {
  const told: string[] = []
  const parts: Pick<OperationParts, 'clock' | 'recoveries' | 'journal'> = {
    clock: { now: () => 1000 } as OperationParts['clock'],
    recoveries: {
      gracefulTakeover: (cluster, { catchUpSeconds }) => {
        told.push(`takeover of ${cluster} within ${catchUpSeconds ?? 'what is configured'}`)
        return Promise.resolve(how === 'refused' ? fail({ code: 'late', parameters: {}, text: 'late' }) : ok(recovery))
      },
    } as OperationParts['recoveries'],
    journal: {
      propose: entry => {
        if (how === 'nobody-decides') return Promise.reject(new Error('no leader'))
        told.push(JSON.stringify(entry))
        return Promise.resolve()
      },
    } as OperationParts['journal'],
  }
  const asked = { cluster: 'db1:3306', designated: undefined, seconds: undefined, duration: undefined, ...input }
  const outcome = await recoveryHandlers['graceful-takeover-auto'](asked, parts as OperationParts, { by: 'ann' })
  return { told, outcome }
}

test('a downtime for the old primary begins after the takeover, by who asked, and not when it was given up', async () => {
  const done = await takenOver({ seconds: 5, duration: 3600 }, 'done')
  assert.deepEqual(done.told, [
    'takeover of db1:3306 within 5',
    JSON.stringify({ do: 'begin-downtime', key: old, downtime: { owner: 'ann', reason: 'planned takeover', beginsAt: 1000, endsAt: 3_601_000 } }),
  ])
  assert.deepEqual((await takenOver({ duration: 3600 }, 'refused')).told, ['takeover of db1:3306 within what is configured'])
  assert.deepEqual((await takenOver({}, 'done')).told, ['takeover of db1:3306 within what is configured'])
})

test('a takeover whose downtime could not begin is done, and says so', async () => {
  const { outcome } = await takenOver({ duration: 60 }, 'nobody-decides')
  assert.deepEqual(outcome.ok ? outcome.value.errors : [], ['no downtime for db1:3306: no leader'])
})

test('a wait beyond its bounds is refused before anything is asked of the engine', async () => {
  const { told, outcome } = await takenOver({ seconds: 0 }, 'done')
  assert.deepEqual([told, outcome.ok ? '' : outcome.failure.refused.code], [[], 'input-unreadable'])
})

test('the command that runs the same takeover says how long in flags that can be read', () => {
  const input = { cluster: 'orders', designated: heir, seconds: 5, duration: 3600 }
  assert.equal(commandLine(contract['graceful-takeover-auto'], input, 'f1'), 'orchestrator -c graceful-master-takeover-auto -alias orders -d db2:3306 -seconds 5 -duration 3600s --fingerprint f1')
})
