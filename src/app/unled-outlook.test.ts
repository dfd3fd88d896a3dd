import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedStoreReason } from '../engine/group/shared-store-reasons.ts'
import type { Outlook } from '../model/analysis/finding.ts'
import { recoveryReason } from '../model/recovery/reasons.ts'
import { backendState, healthWith } from './backend-state.ts'
import type { Engine } from './engine.ts'
import { unledOutlook } from './unled-outlook.ts'

const says = sharedStoreReason('store-silent', { self: 'orc1', text: 'connect ECONNREFUSED' })
const outlook = (state: Outlook['state']): Outlook => ({ state, reason: recoveryReason('no-problem', {}), at: 5 })

test('where nobody leads a failure that would be repaired is blocked by that, and what has another reason keeps it', () => {
  for (const state of ['due', 'waiting-for-evidence'] as const) {
    assert.deepEqual(unledOutlook(outlook(state), { leader: null, says }), { state: 'blocked', reason: says, at: null })
    assert.deepEqual(unledOutlook(outlook(state), { leader: { name: 'orc2', uri: null }, says }), outlook(state))
  }
  for (const state of ['none-needed', 'recovering', 'not-covered', 'off', 'downtimed', 'no-remedy'] as const) assert.deepEqual(unledOutlook(outlook(state), { leader: null, says }), outlook(state))
})

test('the state of the back end counts records and rows, from the moment in which the first of them failed, and the health of a process that is not well tells it', () => {
  const parts = (records: number | null, rows: number | null): Pick<Engine, 'inventory' | 'waitingWrites'> => ({
    inventory: { saveStatus: { failing: records === null ? null : { since: records, text: 'records' }, waiting: 2 } },
    waitingWrites: { status: { failing: rows === null ? null : { since: rows, text: 'rows' }, waiting: 3, dropped: 1 } },
  }) as unknown as Pick<Engine, 'inventory' | 'waitingWrites'> // an inventory has much else
  assert.deepEqual(backendState(parts(2000, 1000)), { failing: { since: 1000, text: 'rows' }, waiting: 5, dropped: 1 })
  assert.deepEqual(backendState(parts(2000, null)).failing, { since: 2000, text: 'records' })
  assert.equal(backendState(parts(null, null)).failing, null)
  const health = { healthy: false, hostname: 'orc1', token: 'a', isActive: false, active: null, available: [], failure: 'disk is full' }
  assert.equal(healthWith(health, backendState(parts(2000, 1000))).failure, 'disk is full (the store fails since 1970-01-01T00:00:01.000Z; 5 writes wait for it)')
  assert.equal(healthWith(health, backendState(parts(null, null))).failure, 'disk is full')
  const well = { ...health, healthy: true, failure: '' }
  assert.equal(healthWith(well, backendState(parts(2000, 1000))), well)
})
