import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../kit/seeded-random.ts'
import {
  countGtids, dropUuid, equalGtidSets, explodeGtidSet, type GtidSet, gtidSetText, intersectGtidSets, isGtidSubset, keepUuids, parseGtidSet,
  subtractGtidSets, unionGtidSets,
} from './gtid-set.ts'

const a = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const b = 'b9b4712a-df64-11e3-b391-60672090eb04'

function read(text: string): GtidSet {
  const parsed = parseGtidSet(text)
  assert.ok(parsed.ok, text)
  return parsed.value
}

test('dropping a UUID drops all its tags, and keeping one keeps all its tags', () => {
  const set = read(`${a}:1-3:x:7,${b}:5:x:1`)
  assert.equal(gtidSetText(dropUuid(set, a)), `${b}:5:x:1`)
  assert.equal(gtidSetText(keepUuids(set, new Set([a]))), `${a}:1-3:x:7`)
})

test('a set is printed with a newline after each comma, as servers print it', () => {
  assert.equal(gtidSetText(read(`${b}:1,${a}:2`)), `${a}:2,\n${b}:1`)
})

test('exploding a set of more transactions than stated is refused with their number', () => {
  const exploded = explodeGtidSet(read(`${a}:1-9223372036854775806`), 1000)
  assert.deepEqual(exploded, { ok: false, failure: { count: 9223372036854775806n } })
})

test('operations agree with plain sets of single transactions on 400 random pairs', () => {
  const random = seededRandom(20260101)
  for (let round = 0; round < 400; round += 1) {
    const [left, right] = [randomSet(random), randomSet(random)]
    const [leftSingles, rightSingles] = [singles(left), singles(right)]
    const expectSame = (set: GtidSet, expected: ReadonlySet<string>, what: string): void => {
      assert.deepEqual(singles(set), expected, `${what} of\n${gtidSetText(left)}\n${gtidSetText(right)}`)
      assert.equal(gtidSetText(read(gtidSetText(set))), gtidSetText(set), 'the printed set is canonical')
      assert.equal(countGtids(set), BigInt(expected.size))
    }
    expectSame(unionGtidSets(left, right), leftSingles.union(rightSingles), 'union')
    expectSame(subtractGtidSets(left, right), leftSingles.difference(rightSingles), 'difference')
    expectSame(intersectGtidSets(left, right), leftSingles.intersection(rightSingles), 'intersection')
    assert.equal(isGtidSubset(left, right), leftSingles.isSubsetOf(rightSingles))
    assert.equal(equalGtidSets(left, unionGtidSets(left, intersectGtidSets(left, right))), true)
  }
})

test('the time to subtract a set of many intervals from another one grows with their number, not with its square', () => {
  const intervals = 100_000
  const odd = Array.from({ length: intervals }, (_, index) => 4 * index + 1).join(':')
  const even = Array.from({ length: intervals }, (_, index) => 4 * index + 3).join(':')
  const began = process.cpuUsage()
  const rest = subtractGtidSets(read(`${a}:${odd}`), read(`${a}:${even}`))
  assert.equal(countGtids(rest), BigInt(intervals))
  // Of the processor, so that a loaded machine changes nothing.
  assert.ok(process.cpuUsage(began).user < 20_000_000, 'a quadratic walk takes minutes')
})

function randomSet(random: () => number): GtidSet {
  const parts = [a, `${a}:x`, b, `${b}:y`].flatMap(name =>
    Array.from({ length: Math.floor(random() * 5) }, () => {
      const from = 1 + Math.floor(random() * 30)
      return `${name}:${from}-${from + Math.floor(random() * 6)}`
    }))
  return read(parts.join(','))
}

function singles(set: GtidSet): ReadonlySet<string> {
  const exploded = explodeGtidSet(set, 10_000)
  assert.ok(exploded.ok)
  return new Set(exploded.value)
}
