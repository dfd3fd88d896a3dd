import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import { Ledger } from './ledger.ts'

test('of two findings of one moment one alone begins something in a cluster, until it is over', () => {
  const log: Log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }
  const ledger = new Ledger({} as Store, log) // nothing of the store is asked for a claim
  assert.deepEqual([ledger.claim('c'), ledger.claim('c'), ledger.claim('other'), ledger.isClaimed('c')], [true, false, true, true])
  ledger.unclaim('c')
  assert.deepEqual([ledger.isClaimed('c'), ledger.claim('c')], [false, true])
})
