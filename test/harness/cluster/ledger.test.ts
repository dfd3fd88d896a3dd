import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ledger } from './ledger.ts'

const answerMillis = 5
const ledgerOf = (...rows: readonly (readonly [id: number, at: number, server: string, sentAt?: number])[]): Ledger => {
  const ledger = new Ledger()
  for (const [id, at, server, sentAt = at - answerMillis] of rows) ledger.add({ id, sentAt, at, server })
  return ledger
}

test('each row is judged once', () => {
  const ledger = ledgerOf([1, 0, 'a'], [2, 5, 'a'], [3, 9, 'b'])
  assert.deepEqual(ledger.takeUnjudged().map(({ id }) => id), [1, 2, 3])
  ledger.add({ id: 4, sentAt: 11, at: 12, server: 'b' })
  assert.deepEqual(ledger.takeUnjudged().map(({ id }) => id), [4])
  assert.equal(ledger.firstElsewhere(0, 'a')?.id, 3)
  assert.equal(ledger.firstElsewhere(13, 'a'), null)
})

test('the longest silence is found, whoever ends it', () => {
  assert.deepEqual(ledgerOf([1, 0, 'a'], [2, 10, 'a'], [3, 250, 'b'], [4, 260, 'b']).longestGap(0), { milliseconds: 240, from: 'a', to: 'b' })
  assert.equal(ledgerOf([1, 0, 'a'], [3, 250, 'b'], [4, 260, 'b']).longestGap(100).milliseconds, 250, 'the silence had begun before')
  assert.equal(ledgerOf([1, 0, 'a'], [3, 250, 'b'], [4, 260, 'b']).longestGap(255).milliseconds, 10)
})

test('two servers that tell of commits at the same time are noticed; one that was frozen and tells of one more afterwards, for that moment only', () => {
  const fast = (server: string, from: number, to: number): (readonly [number, number, string])[] =>
    Array.from({ length: (to - from) / 20 + 1 }, (_, index) => [from + index, from + index * 20, server] as const)
  assert.equal(ledgerOf(...fast('a', 0, 100), ...fast('b', 1000, 3000), [9000, 2500, 'a']).togetherMillis(0), answerMillis)
  assert.equal(ledgerOf(...fast('a', 0, 2000), ...fast('b', 1000, 3000)).togetherMillis(0), 985)
  assert.equal(ledgerOf(...fast('a', 0, 500), ...fast('b', 1000, 3000)).togetherMillis(0), 0)
  assert.equal(ledgerOf(...fast('a', 0, 2000), ...fast('b', 1000, 3000)).togetherMillis(2500), 0)
})

test('a server that is handed over to at once has committed beside nobody, and an answer that waited while its server was frozen proves nothing', () => {
  const handedOver = ledgerOf([1, 980, 'a'], [2, 1000, 'a'], [3, 1004, 'b', 990], [4, 1030, 'b'], [5, 1060, 'b'])
  assert.equal(handedOver.togetherMillis(0), 0, 'the first one waited for its commit while the last of the other was acknowledged')
  assert.equal(ledgerOf([1, 980, 'a'], [2, 1040, 'a'], [3, 1004, 'b'], [4, 1030, 'b'], [5, 1060, 'b']).togetherMillis(0), 31, 'the other one committed between two commits of the first')
  const frozen = ledgerOf([1, 980, 'a'], [2, 5000, 'a', 990], ...Array.from({ length: 300 }, (_, index) => [100 + index, 2000 + index * 20, 'b'] as const))
  assert.equal(frozen.togetherMillis(0), 0)
})
