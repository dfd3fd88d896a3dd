import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../../kit/result.ts'
import { seededRandom } from '../../kit/seeded-random.ts'
import { type BinlogCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance } from '../topology/instance.ts'
import { instanceKey, type InstanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import type { ChunkAsked, LogEvent, Reply, Walk } from './asks.ts'
import { comparableText } from './comparable.ts'
import { correlate, type FoundEntries } from './correlate.ts'
import { injectionStatement, injectionTargets, mayInject } from './injection.ts'
import { nextFile, previousFile } from './log-files.ts'
import { type PseudoGtidPolicy, pseudoGtidPolicy } from './policy.ts'
import { noHistory, previousRelay, recentOwn, recorded, withoutRelay } from './position-history.ts'
import { findInRelayLogs, lastExecutedRelayEvent } from './relay-correlation.ts'

const [primary, replica, other] = [instanceKey('db1', 3306), instanceKey('db2', 3306), instanceKey('db3', 3306)]
const policyOf = (chunkSize: number): PseudoGtidPolicy =>
  pseudoGtidPolicy({ pattern: 'drop view if exists `_pseudo_gtid_`', isFixedSubstring: true, monotonicHint: 'asc:', chunkSize, skipContaining: ['heartbeat_table'] })
const entryText = (number: number): string => injectionStatement(7, number, '0123456789abcdef')

/** What one transaction writes: its events, with what differs from server to server left open. */
type Transaction = (server: number) => readonly (readonly [type: string, text: string])[]
const rows = (table: number): Transaction => server => [
  ['Anonymous_Gtid', "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'"], ['Query', 'BEGIN'], ['Table_map', `table_id: ${100 + 7 * server} (d.t${table})`],
  ['Write_rows', `table_id: ${100 + 7 * server} flags: STMT_END_F`], ['Xid', `COMMIT /* xid=${1000 * server + table} */`],
]
const entry = (number: number): Transaction => () => [['Anonymous_Gtid', "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'"], ['Query', entryText(number)]]
const noise: Transaction = server => [['Query', `update heartbeat_table set at = ${server}`]]

/** A log of a server, written as servers write it: a head in each file, a change of file at its end. */
class WrittenLog {
  readonly files: LogEvent[][] = []
  readonly #server: number
  readonly #stem: string
  constructor(server: number, stem = 'binlog') {
    this.#server = server
    this.#stem = stem
    this.rotate()
  }

  rotate(): void {
    const name = (number: number): string => `${this.#stem}.${String(number).padStart(6, '0')}`
    if (this.files.length > 0) this.#put('Rotate', `${name(this.files.length + 1)};pos=4`)
    this.files.push([])
    this.#put('Format_desc', 'Server ver: 9.7')
    this.#put('Previous_gtids', '')
  }

  write(transaction: Transaction): void {
    for (const [type, text] of transaction(this.#server)) this.#put(type, text)
  }

  get end(): BinlogCoordinates {
    return { file: this.#file, position: this.files.at(-1)?.at(-1)?.endPosition ?? 4n }
  }

  get #file(): string {
    return `${this.#stem}.${String(this.files.length).padStart(6, '0')}`
  }

  #put(type: string, text: string): void {
    const position = this.files.at(-1)?.at(-1)?.endPosition ?? 4n
    this.files.at(-1)?.push({ file: this.#file, position, endPosition: position + BigInt(19 + text.length), type, text })
  }

  read({ file, from, skip, count }: ChunkAsked): Reply {
    const events = this.files[Number(file.split('.')[1]) - 1]
    if (events === undefined) return fail({ kind: 'statement-rejected', number: 1220, text: 'Could not find target log' })
    return ok(events.filter(({ position }) => position >= from).slice(skip, skip + count))
  }
}

type Logs = ReadonlyMap<string, WrittenLog>

function drive<Answer>(walk: Walk<Answer>, logs: Logs): Answer {
  let [turn, asked] = [walk.next(), 0]
  while (turn.done !== true) {
    asked += 1
    assert.ok(asked < 100_000, 'a walk ends')
    const { value } = turn
    turn = walk.next(value.ask === 'chunk' ? (logs.get(`${value.of} ${value.log}`)?.read(value) ?? fail({ kind: 'statement-rejected', number: null, text: 'no such log' })) : ok([]))
  }
  return turn.value
}

const nothingFound: FoundEntries = { get: () => undefined, keep: () => undefined }

function server(key: InstanceKey, binary: WrittenLog | null, relay: WrittenLog | null = null, more: Partial<Instance> = {}): Instance {
  const link = relay === null && key === primary ? null : { ...bareLink(primary), relayLogCoordinates: relay?.end ?? null }
  return {
    ...bareInstance(key), logBin: true, logReplicaUpdates: binary !== null, binlogFormat: 'ROW', binlogCoordinates: binary?.end ?? { file: 'binlog.000001', position: 157n }, replication: link,
    channels: link === null ? [] : [link], ...more,
  }
}

const scanned = (instance: Instance) => ({ instance, recentOwn: null, recentRelay: null })

function match(one: Instance, two: Instance, logs: Logs, chunkSize = 10): string {
  const answer = drive(correlate({ replica: scanned(one), target: scanned(two) }, policyOf(chunkSize), nothingFound), logs)
  return answer.ok ? coordinatesText(answer.value.at) : answer.failure.code
}

test('whatever the logs, files and chunks, a replica goes on exactly behind what it has executed', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = seededRandom(seed)
    const below = (limit: number): number => Math.floor(random() * limit)
    const [theirs, own, relay] = [new WrittenLog(1), new WrittenLog(2), new WrittenLog(2, 'relay')]
    const count = 10 + below(60)
    const executed = below(count) + 1
    let [after, entries] = [theirs.end, 0]
    for (let number = 1; number <= count; number += 1) {
      if (below(6) === 0) for (let times = below(3); times >= 0; times -= 1) theirs.rotate()
      const transaction = number === 1 || below(7) === 0 ? entry((entries += 1)) : rows(below(3))
      theirs.write(transaction)
      if (number > executed) continue
      after = theirs.end
      if (below(6) === 0) own.rotate()
      if (below(6) === 0) relay.rotate()
      own.write(transaction)
      relay.write(transaction)
      if (below(5) === 0) own.write(noise)
    }
    const logs = new Map([[`${primary} binary`, theirs], [`${replica} binary`, own], [`${replica} relay`, relay]])
    const chunkSize = 2 + below(12)
    assert.equal(match(server(replica, own, relay), server(primary, theirs), logs, chunkSize), coordinatesText(after), `by its own log, seed ${seed}`)
    assert.equal(match(server(replica, null, relay), server(primary, theirs), logs, chunkSize), coordinatesText(after), `by its relay logs, seed ${seed}`)
  }
})

/** Two logs of the same transactions, and one more where it is said. */
function pair(shared: readonly Transaction[], ownOnly: readonly Transaction[] = [], theirsOnly: readonly Transaction[] = []): { readonly own: WrittenLog; readonly theirs: WrittenLog; readonly logs: Logs } {
  const [theirs, own] = [new WrittenLog(1), new WrittenLog(2)]
  for (const transaction of shared) for (const log of [theirs, own]) log.write(transaction)
  for (const transaction of ownOnly) own.write(transaction)
  for (const transaction of theirsOnly) theirs.write(transaction)
  return { own, theirs, logs: new Map([[`${primary} binary`, theirs], [`${replica} binary`, own]]) }
}

test('a replica with a write of its own, one that is ahead, and one without a shared statement are each refused with the reason', () => {
  const shared = [entry(1), rows(1), rows(2)]
  const cases: readonly (readonly [string, ReturnType<typeof pair>])[] = [
    ['entries-differ', pair(shared, [rows(9)], [rows(1)])],
    ['target-ended', pair(shared, [rows(1)])],
    ['no-entry-in-relay-logs', pair([rows(1)])],
    ['entry-not-on-target', pair([rows(1)], [entry(2)])],
  ]
  for (const [code, { own, theirs, logs }] of cases) {
    const relay = new WrittenLog(2, 'relay')
    assert.equal(match(server(replica, own, relay), server(primary, theirs), new Map([...logs, [`${replica} relay`, relay]])), code)
  }
})

test('with another binlog format than the other only relay logs are read', () => {
  const { own, theirs, logs } = pair([entry(1), rows(1)])
  const relay = new WrittenLog(2, 'relay')
  for (const transaction of [entry(1), rows(1)]) relay.write(transaction)
  const asked: string[] = []
  const walk = correlate({ replica: scanned(server(replica, own, relay, { binlogFormat: 'STATEMENT' })), target: scanned(server(primary, theirs)) }, policyOf(10), nothingFound)
  for (let turn = walk.next(); turn.done !== true; ) {
    const { value } = turn
    if (value.ask === 'chunk') asked.push(`${value.of} ${value.log}`)
    turn = walk.next(value.ask === 'chunk' ? (new Map([...logs, [`${replica} relay`, relay]]).get(`${value.of} ${value.log}`)?.read(value) ?? fail({ kind: 'timeout', number: null, text: '' })) : ok([]))
  }
  assert.deepEqual([...new Set(asked)], [`${replica} relay`, `${primary} binary`])
})

test('the place of one event of a log is found in the other log, and a place where none begins is not met', () => {
  const { own, theirs, logs } = pair([entry(1), rows(1), rows(2)], [], [rows(1)])
  const at = (log: WrittenLog, text: string): BinlogCoordinates => {
    const found = log.files.flat().findLast(event => comparableText(event.text) === text)
    assert.ok(found)
    return { file: found.file, position: found.position }
  }
  const find = (limit: BinlogCoordinates): string => {
    const answer = drive(correlate({ replica: scanned(server(replica, own)), target: scanned(server(primary, theirs)), limit }, policyOf(4), nothingFound), logs)
    return answer.ok ? coordinatesText(answer.value.at) : answer.failure.code
  }
  const limit = at(own, 'table_id: ### (d.t2)')
  assert.equal(find(limit), coordinatesText(at(theirs, 'table_id: ### (d.t2)')))
  assert.equal(find({ ...limit, position: limit.position + 1n }), 'limit-not-met')
})

test('texts that differ from server to server for one event are the same, and others are not', () => {
  const same: readonly (readonly [string, string])[] = [
    ['COMMIT /* xid=12 */', 'COMMIT /* xid=99 */'], ['table_id: 18 (d.t)', 'table_id: 5 (d.t)'], ['BEGIN GTID 0-1-5 cid=8', 'BEGIN GTID 0-1-5'], ['GTID 0-1-5 cid=8', 'GTID 0-1-5'],
    ["insert into t values ( X'61' COLLATE utf8)", 'insert into t values ( 0x61 COLLATE utf8)'], ['create table t (id int) /* xid=29 */', 'create table t (id int)'],
  ]
  for (const [left, right] of same) assert.equal(comparableText(left), comparableText(right))
  assert.notEqual(comparableText('BEGIN GTID 0-1-5'), comparableText('BEGIN GTID 0-1-6'))
  assert.notEqual(comparableText('table_id: 18 (d.t)'), comparableText('table_id: 18 (d.u)'))
})

test('events of a compressed transaction, and of MariaDB inside of one, are read one by one, however small the chunks are', () => {
  const event = (position: number, end: number, type: string, text: string): LogEvent => ({ file: 'binlog.000001', position: BigInt(position), endPosition: BigInt(end), type, text })
  const compressed: readonly LogEvent[] = [
    event(4, 127, 'Format_desc', ''), event(127, 270, 'Query', entryText(1)), event(270, 347, 'Anonymous_Gtid', ''), event(347, 812, 'Transaction_payload', ''), event(812, 812, 'Query', 'BEGIN'),
    event(812, 812, 'Table_map', 'table_id: 1 (d.t)'), event(812, 812, 'Write_rows', 'table_id: 1'), event(812, 812, 'Xid', 'COMMIT'), event(812, 891, 'Anonymous_Gtid', ''),
    event(891, 1074, 'Transaction_payload', ''), event(1074, 1074, 'Query', 'BEGIN'), event(1074, 1074, 'Xid', 'COMMIT'),
  ]
  const plain: readonly LogEvent[] = [
    event(4, 100, 'Format_desc', ''), event(100, 200, 'Query', entryText(1)), event(200, 300, 'Gtid', 'x'), event(300, 0, 'Query', 'BEGIN'), event(340, 0, 'Table_map', 'table_id: 9 (d.t)'),
    event(380, 0, 'Write_rows', 'table_id: 9'), event(420, 460, 'Xid', 'COMMIT'), event(460, 0, 'Query', 'BEGIN'), event(500, 540, 'Xid', 'COMMIT'),
  ]
  // A server that seeks to a place gives what begins there or later; events inside of an envelope come with the envelope alone.
  const serve = (events: readonly LogEvent[]) => ({ from, skip, count }: ChunkAsked): Reply => {
    const first = events.findIndex(({ position, endPosition, type }) => position >= from && !(position === endPosition && type !== 'Format_desc'))
    return ok(first < 0 ? [] : events.slice(first).slice(skip, skip + count))
  }
  const skipping = (size: number): PseudoGtidPolicy => ({ ...policyOf(size), isEntry: text => text.startsWith('drop view') })
  for (const chunkSize of [1, 2, 3, 4, 5, 7, 20]) {
    const [left, right] = [serve(compressed), serve(plain.filter(({ type }) => type !== 'Gtid'))]
    const walk = correlate({
      replica: scanned(server(replica, null, null, { logReplicaUpdates: true, binlogCoordinates: { file: 'binlog.000001', position: 1074n } })),
      target: scanned(server(primary, null, null, { binlogCoordinates: { file: 'binlog.000001', position: 540n } })),
    }, skipping(chunkSize), nothingFound)
    let turn = walk.next()
    for (let asked = 0; turn.done !== true; asked += 1) {
      assert.ok(asked < 1000, `chunks of ${chunkSize} end`)
      const { value } = turn
      turn = walk.next(value.ask === 'chunk' ? (value.of === replica ? left : right)(value) : ok([]))
    }
    assert.ok(turn.value.ok, turn.value.ok ? '' : turn.value.failure.text)
    assert.equal(coordinatesText(turn.value.value.at), 'binlog.000001:540')
  }
})

test('a file that begins with a later statement is left after its first event that is one', () => {
  const theirs = new WrittenLog(1)
  theirs.write(entry(1))
  theirs.write(rows(1))
  for (let file = 0; file < 3; file += 1) {
    theirs.rotate()
    theirs.write(entry(10 + file))
    for (let row = 0; row < 50; row += 1) theirs.write(rows(2))
  }
  const own = new WrittenLog(2)
  own.write(entry(1))
  own.write(rows(1))
  const asked: ChunkAsked[] = []
  const walk = correlate({ replica: scanned(server(replica, own)), target: scanned(server(primary, theirs)) }, policyOf(10), nothingFound)
  let turn = walk.next()
  while (turn.done !== true) {
    const { value } = turn
    if (value.ask === 'chunk') asked.push(value)
    turn = walk.next(value.ask === 'chunk' ? (value.of === replica ? own : theirs).read(value) : ok([]))
  }
  assert.ok(turn.value.ok)
  const perFile = Map.groupBy(asked.filter(({ of }) => of === primary), ({ file }) => file)
  for (const file of ['binlog.000004', 'binlog.000003', 'binlog.000002']) assert.equal(perFile.get(file)?.length, 1)
})

test('the same event is found in the relay logs of a sibling, with the one behind it', () => {
  const [mine, theirs] = [new WrittenLog(2, 'relay'), new WrittenLog(3, 'relay')]
  for (const transaction of [entry(1), rows(1), rows(2)]) for (const log of [mine, theirs]) log.write(transaction)
  theirs.write(rows(1))
  const logs = new Map([[`${replica} relay`, mine], [`${other} relay`, theirs]])
  const [one, two] = [server(replica, null, mine), server(other, null, theirs)]
  const last = drive(lastExecutedRelayEvent(one, policyOf(3)), logs)
  assert.ok(last.ok && last.value.type === 'Xid')
  const found = drive(findInRelayLogs(last.value, one, two, policyOf(3)), logs)
  assert.ok(found.ok && found.value.next !== null)
  assert.equal(coordinatesText(found.value.found), coordinatesText({ file: last.value.file, position: last.value.position }))
  assert.ok(found.value.next.position > found.value.found.position)
})

test('statements are written where DROP is granted on all, or on their schema, and nowhere else', () => {
  const may = ["GRANT ALL PRIVILEGES ON *.* TO 'o'@'%'", "GRANT SELECT, DROP ON *.* TO `o`@`%`", "GRANT DROP ON `_pseudo_gtid_`.* TO `o`@`%`", "GRANT ALL PRIVILEGES ON `\\_pseudo\\_gtid\\_`.* TO `o`@`%`", 'GRANT DROP ON "_pseudo_gtid_".* TO "o"@"%"']
  for (const grant of may) assert.equal(mayInject(['GRANT USAGE ON *.* TO x', grant]), true, grant)
  for (const grant of ["GRANT SUPER, RELOAD ON *.* TO `o`@`%`", "GRANT DROP ON `shop`.* TO `o`@`%`", "GRANT DROP ROLE ON *.* TO `o`@`%`"]) assert.equal(mayInject([grant]), false, grant)
  assert.match(injectionStatement(3330, 0x6b02861f, 'c7202afdba9bac0c'), /^drop view if exists `_pseudo_gtid_`\.`_asc:6b02861f:00000d02:c7202afdba9bac0c`$/)
})

test('one server of each cluster is written to: a writable one at the top that answers', () => {
  const seen = { lastCheckedAt: 5, lastSeenAt: 5, lastAttemptedAt: 5, partialSuccess: true, failure: null, latencyMilliseconds: 1 }
  const at = (key: InstanceKey, clusterName: string, more: Partial<Instance>): Instance => ({ ...bareInstance(key), clusterName, check: seen, readOnly: false, ...more })
  const ring = { ...bareLink(other), readCoordinates: { file: 'b.000001', position: 4n } }
  const topology = new Topology(1, new Map([
    at(primary, 'a', {}), at(replica, 'a', { replication: ring, channels: [ring], replicationDepth: 1 }),
    at(other, 'b', { isCoPrimary: true, replication: { ...ring, source: primary } }), at(instanceKey('db4', 3306), 'c', { readOnly: true }),
    at(instanceKey('db5', 3306), 'd', { check: { ...seen, failure: { kind: 'refused', number: null, text: '' } } }),
  ].map(instance => [instance.key, instance])))
  assert.deepEqual(injectionTargets(topology).map(({ key }) => key), [primary, other])
})

test('a place is a hint once it is two minutes old, until it is four; a change of the source takes relay logs away', () => {
  const minute = 60_000
  const stands = (position: bigint): Instance => server(replica, null, null, { binlogCoordinates: { file: 'binlog.000001', position }, replication: { ...bareLink(primary), relayLogCoordinates: { file: 'relay.000002', position } } })
  let history = noHistory
  for (let at = 0; at <= 6; at += 1) history = recorded(history, [stands(BigInt(100 * (at + 1)))], at * minute)
  assert.equal(recentOwn(history, replica, 6 * minute)?.position, 500n)
  assert.equal(recentOwn(history, replica, 5 * minute - 1)?.position ?? null, null)
  assert.equal(previousRelay(history, replica, { file: 'relay.000002', position: 700n })?.position, 600n)
  assert.equal(previousRelay(withoutRelay(history, replica), replica, { file: 'relay.000002', position: 700n }), null)
  assert.equal(recentOwn(withoutRelay(history, replica), replica, 6 * minute)?.position, 500n)
})

test('files are numbered with the digits they have, and none stands before the first', () => {
  assert.deepEqual([previousFile('binlog.000010'), nextFile('a.b.000999'), previousFile('x.000001'), nextFile('binlog')], ['binlog.000009', 'a.b.001000', null, null])
})
