import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../../kit/seeded-random.ts'
import { AnswerReader } from './answer-reader.ts'
import { KnownColumns } from './known-columns.ts'

/** A server's side of the protocol, written from its description. */
const payloadMax = 0xff_ffff
const bytesOf = (number: number, count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, place) => Math.floor(number / 256 ** place) % 256))
const lengthInt = (number: number): Buffer => {
  if (number < 251) return Buffer.of(number)
  const [mark, count] = number < 2 ** 16 ? [0xfc, 2] : number < 2 ** 24 ? [0xfd, 3] : [0xfe, 8]
  return Buffer.concat([Buffer.of(mark), bytesOf(number, count)])
}
const lengthText = (text: string): Buffer => Buffer.concat([lengthInt(Buffer.byteLength(text)), Buffer.from(text)])
const packets = (payloads: readonly Buffer[]): Buffer => {
  let place = 1
  const headed = (payload: Buffer): Buffer => Buffer.concat([bytesOf(payload.length, 3), Buffer.of(place++ & 255), payload])
  return Buffer.concat(payloads.flatMap(payload => {
    const parts: Buffer[] = []
    for (let at = 0; at <= payload.length; at += payloadMax) parts.push(headed(payload.subarray(at, at + payloadMax)))
    return parts
  }))
}
const end = (more: boolean): Buffer => Buffer.of(0xfe, 0, 0, more ? 0x0a : 0x02, 0)
const done = (more: boolean): Buffer => Buffer.of(0, 3, 0xfc, 1, 1, more ? 0x0a : 0x02, 0, 0, 0)
const refused = (number: number, text: string): Buffer => Buffer.concat([Buffer.of(0xff), bytesOf(number, 2), Buffer.from(`#42000${text}`)])
const type = { tiny: 1, long: 3, double: 5, longLong: 8, text: 253 }
type Column = readonly [name: string, type: number]
const definition = ([name, of]: Column): Buffer =>
  Buffer.concat([...['def', 'db', 't', 'org_t', name, ''].map(lengthText), Buffer.of(0x0c, 255, 0, 0, 0, 0, 0, of, 0, 0, 0, 0, 0)])
const cells = (row: readonly (string | null)[]): Buffer => Buffer.concat(row.map(text => (text === null ? Buffer.of(0xfb) : lengthText(text))))
const resultSet = (columns: readonly Column[], rows: readonly (readonly (string | null)[])[], more = false): Buffer[] =>
  [lengthInt(columns.length), ...columns.map(definition), end(false), ...rows.map(cells), end(more)]

const status: readonly Column[] = [['Name', type.text], ['Number', type.long], ['Position', type.longLong], ['Share', type.double]]
const asked = (...sql: string[]): Parameters<AnswerReader['begin']>[0] => ({ statements: sql.map(text => ({ sql: text })), account: undefined })
const read = (reader: AnswerReader, bytes: Buffer, ...sql: string[]): readonly unknown[] => {
  reader.begin(asked(...sql))
  assert.equal(reader.take(bytes), 'whole')
  return reader.sets.map(set => [set.columns, set.rows])
}
const newReader = (): AnswerReader => new AnswerReader(new KnownColumns())

const threeAnswers = packets([
  ...resultSet(status, [['naïve €', '-12', '18446744073709551615', '1.5'], [null, null, null, null], ['', '0', '0', '1e3']], true),
  done(true), ...resultSet([['only', type.text]], []),
])
const threeSets = [
  [['name', 'number', 'position', 'share'], [
    ['naïve €', -12, '18446744073709551615', 1.5], [null, null, null, null], ['', 0, '0', 1000]]], [[], []], [['only'], []],
]

test('result sets are read with their cells: numbers that a double holds, all other digits as text, NULL, and text beyond ASCII', () => {
  assert.deepEqual(read(newReader(), threeAnswers, 'a', 'b', 'c'), threeSets)
})

test('an answer is the same wherever its bytes are cut into chunks, also when each chunk is overwritten after it was taken in', () => {
  const random = seededRandom(7)
  const reader = newReader()
  const shared = Buffer.alloc(threeAnswers.length)
  for (let round = 0; round < 400; round++) {
    const sizeMax = round < threeAnswers.length ? threeAnswers.length : 40
    reader.begin(asked('a', 'b', 'c'))
    for (let at = 0; at < threeAnswers.length;) {
      const size = at === 0 && round < threeAnswers.length ? Math.max(1, round) : 1 + Math.floor(random() * sizeMax)
      const chunk = shared.subarray(0, threeAnswers.copy(shared, 0, at, Math.min(threeAnswers.length, at + size)))
      at += chunk.length
      assert.equal(reader.take(chunk), at === threeAnswers.length ? 'whole' : 'more', `round ${round}, at ${at}`)
      shared.fill(0xaa)
    }
    assert.deepEqual(reader.sets.map(set => [set.columns, set.rows]), threeSets, `round ${round}`)
  }
})

test('a rejected statement ends the answer and names the privilege that it wants; what came before is kept', () => {
  const reader = newReader()
  reader.begin({ statements: [{ sql: 'a' }, { sql: 'b', needs: 'SELECT ON x.*' }, { sql: 'c' }], account: "'me'@'here'" })
  assert.equal(reader.take(packets([...resultSet(status, [['x', '1', '2', '3']], true), refused(1142, 'SELECT command denied')])), 'whole')
  assert.equal(reader.sets.length, 1)
  assert.deepEqual(reader.rejected, { kind: 'privilege-missing', number: 1142, text: 'SELECT command denied', sqlState: '42000', grant: "GRANT SELECT ON x.* TO 'me'@'here'" })
  reader.begin(asked('a'))
  const interrupted = [lengthInt(1), definition(['x', type.text]), end(false), cells(['1']), refused(3024, 'interrupted in the midst of the rows')]
  assert.equal(reader.take(packets(interrupted)), 'whole')
  assert.deepEqual([reader.sets.length, reader.rejected?.number], [0, 3024])
})

test('a row that says what it said before is the same row, and else each cell that did not change is the same text', () => {
  const reader = newReader()
  const [long, other] = ['3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-6']
  const rowOf = (set: string): readonly unknown[] => {
    reader.begin(asked('a'))
    reader.take(packets(resultSet(status, [[set, '1', '7', '0.5']])))
    return reader.sets[0]?.rows[0] ?? []
  }
  const first = rowOf(long)
  assert.equal(rowOf(long), first)
  const third = rowOf(other)
  assert.notEqual(third, first)
  assert.deepEqual(third, [other, 1, '7', 0.5])
  assert.deepEqual(first, [long, 1, '7', 0.5], 'what was handed out is never changed')
})

test('columns are told apart by what the server says of them, not only by the statement', () => {
  const reader = newReader()
  assert.deepEqual(read(reader, packets(resultSet([['a', type.text], ['b', type.long]], [['1', '1']])), 'q'), [[['a', 'b'], [['1', 1]]]])
  assert.deepEqual(read(reader, packets(resultSet([['a', type.long], ['b', type.text]], [['1', '1']])), 'q'), [[['a', 'b'], [[1, '1']]]])
  assert.deepEqual(read(reader, packets(resultSet([['a', type.text], ['b', type.long]], [['1', '1']])), 'q'), [[['a', 'b'], [['1', 1]]]])
})

test('a cell longer than a packet is put together again', () => {
  for (const length of [payloadMax - 4, payloadMax - 5, payloadMax + 70_000]) {
    const text = 'x'.repeat(length)
    const bytes = packets(resultSet([['big', type.text], ['after', type.text]], [[text, 'y'], ['small', 'z']]))
    const reader = newReader()
    reader.begin(asked('a'))
    let last = ''
    for (let at = 0; at < bytes.length; at += 65_536) last = reader.take(bytes.subarray(at, at + 65_536))
    assert.equal(last, 'whole')
    const [row, next] = reader.sets[0]?.rows ?? []
    assert.ok(row?.[0] === text && row[1] === 'y' && next?.[0] === 'small', `${length} characters`)
  }
})

test('a server that closes an idle connection may say why', () => {
  const reader = newReader()
  read(reader, packets([done(false)]), 'a')
  assert.equal(reader.take(packets([refused(4031, 'The client was disconnected by the server because of inactivity.')])), 'broken')
  assert.equal(reader.rejected?.number, 4031)
})

test('what no server answers is called broken, and nothing is thrown', () => {
  const broken = [
    packets([Buffer.of(0xfb)]), packets([Buffer.of(0)]), packets([Buffer.alloc(0)]), packets([lengthInt(1), definition(['a', type.text]), done(false)]),
    packets([lengthInt(1), Buffer.of(3, 1), end(false)]), packets([lengthInt(1), definition(['a', type.text]), end(false), Buffer.of(200, 1, 2)]),
    packets([lengthInt(1), definition(['a', type.text]), end(false), cells(['a', 'b'])]), Buffer.concat([packets([done(false)]), Buffer.of(1, 2)]),
  ]
  for (const [place, bytes] of broken.entries()) {
    const reader = newReader()
    reader.begin(asked('a'))
    assert.equal(reader.take(bytes), 'broken', `number ${place}`)
  }
  const random = seededRandom(3)
  for (let round = 0; round < 3000; round++) {
    const spoiled = Buffer.from(threeAnswers)
    for (let hits = 0; hits < 3; hits++) spoiled[Math.floor(random() * spoiled.length)] = Math.floor(random() * 256)
    const reader = newReader()
    reader.begin(asked('a', 'b', 'c'))
    assert.match(reader.take(spoiled), /^(?:more|whole|broken)$/)
  }
})
