import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Result } from '../../kit/result.ts'
import { canAutoPosition } from './auto-position.ts'
import { errantTransactions } from './errant.ts'
import {
  countGtids, explodeGtidSet, type GtidSet, gtidSetText, intersectGtidSets, isGtidSubset, type MalformedGtidSet, parseGtidSet, subtractGtidSets, unionGtidSets,
} from './gtid-set.ts'
import { hasReached, mariadbPositionText, parseMariadbPosition } from './mariadb-gtid.ts'

// The file is the contract's own table; its shape is stated here once and every field is compared below.
interface GtidCases {
  readonly cases: readonly { readonly id: string; readonly op: string; readonly in: never; readonly expected: Record<string, unknown>; readonly note?: string }[]
}
const table = JSON.parse(readFileSync(new URL('../../../test/fixtures/gtid-cases.json', import.meta.url), 'utf8')) as GtidCases

const canonical = (set: GtidSet): string => gtidSetText(set).replaceAll('\n', '')
const pair = ([left, right]: readonly [string, string], act: (left: GtidSet, right: GtidSet) => Record<string, unknown>): Record<string, unknown> =>
  answer(parseGtidSet(left), parsedLeft => answer(parseGtidSet(right), parsedRight => act(parsedLeft, parsedRight)))

function answer<Value>(result: Result<Value, { readonly number: number }>, act: (value: Value) => Record<string, unknown>): Record<string, unknown> {
  return result.ok ? act(result.value) : { error: result.failure.number }
}

const operations: Record<string, (input: never) => Record<string, unknown>> = {
  parse: ([text]: readonly [string]) => answer(parseGtidSet(text), set => ({ set: canonical(set), count: Number(countGtids(set)) })),
  subtract: (input: readonly [string, string]) => pair(input, (left, right) => ({ set: canonical(subtractGtidSets(left, right)) })),
  union: (input: readonly [string, string]) =>
    pair(input, (left, right) => ({ set: canonical(unionGtidSets(left, right)), count: Number(countGtids(unionGtidSets(left, right))) })),
  intersect: (input: readonly [string, string]) => pair(input, (left, right) => ({ set: canonical(intersectGtidSets(left, right)) })),
  is_subset: (input: readonly [string, string]) => pair(input, (left, right) => ({ bool: isGtidSubset(left, right) })),
  errant: (input: { executed: string; source_executed: string; ancestry_uuids: string[]; own_uuid: string; source_uuid: string; is_co_master: boolean }) =>
    answer<GtidSet>(errantTransactions({
      executed: input.executed, sourceExecuted: input.source_executed, ancestryUuids: input.ancestry_uuids, ownUuid: input.own_uuid,
      sourceUuid: input.source_uuid, isCoPrimary: input.is_co_master,
    }) satisfies Result<GtidSet, MalformedGtidSet>, set => ({ errant: canonical(set) })),
  explode: ([text]: readonly [string]) => answer(parseGtidSet(text), set => {
    const exploded = explodeGtidSet(set, 1000)
    return { gtids: exploded.ok ? exploded.value : 'too many' }
  }),
  can_auto_position: (input: { replica_executed: string; source_purged: string }) =>
    answer(canAutoPosition(input.replica_executed, input.source_purged), allowed => ({ allowed })),
  mariadb_parse: ([text]: readonly [string]) => answer(parseMariadbPosition(text), position => ({ pos: mariadbPositionText(position) })),
  mariadb_reached: (input: { position: string; wanted: string }) =>
    answer(parseMariadbPosition(input.position), position => answer(parseMariadbPosition(input.wanted), wanted => ({ reached: hasReached(position, wanted) }))),
}

test('the table of GTID cases is whole', () => assert.equal(table.cases.length, 138))

for (const row of table.cases) {
  test(`GTID case ${row.id} (${row.note ?? row.op}) holds`, () => {
    const operation = operations[row.op]
    assert.ok(operation, `operation ${row.op} is known`)
    assert.deepEqual(operation(row.in), row.expected)
  })
}
