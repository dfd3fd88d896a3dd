import assert from 'node:assert/strict'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { Authority } from '../../../../test/harness/raft/certificates.ts'
import type { Entry, MemberId, Message } from '../../../model/raft/types.ts'
import type { LinkState, RaftTransport } from '../../../ports/raft-transport.ts'
import { FrameReader, FrameWriter } from './frames.ts'
import { decodeMessage, encodeMessage } from './message-bytes.ts'
import { type TransportOptions, usualLimits } from './options.ts'
import { openRaftTransport } from './raft-transport.ts'
import { freePort } from '../../../../test/harness/recorded/free-port.ts'

const member = (name: string): MemberId => name as MemberId // tests name members freely
const host = '127.41.8.1'
const secret = 'known to all members'

/** A busy machine may take its time to connect; only those tests are impatient that are about it. */
const patient = { ...usualLimits, connectMilliseconds: 10_000 }

interface Member extends AsyncDisposable {
  readonly transport: RaftTransport
  readonly heard: Message[]
  readonly links: { readonly member: MemberId; readonly state: LinkState }[]
  readonly turnedAway: string[]
}

async function open(name: string, port: number, options: Partial<TransportOptions> = {}): Promise<Member> {
  const heard: Message[] = []
  const links: Member['links'] = []
  const turnedAway: string[] = []
  const transport = await openRaftTransport(
    { member: member(name), group: 'g', listen: { host, port }, secret, tls: null, limits: patient, ...options },
    { message: message => heard.push(message), link: (from, state) => links.push({ member: from, state }), turnedAway: (from, why) => turnedAway.push(`${from}: ${why}`) },
  )
  return { transport, heard, links, turnedAway, [Symbol.asyncDispose]: () => transport.close() }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 15_000
  while (!holds()) {
    assert.ok(performance.now() < end, `${what} within 15 s`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

const heartbeat = (from: string, to: string, round: number): Message => ({ kind: 'heartbeat', from: member(from), to: member(to), term: 4, commit: 2, round })
const isOpen = (from: Member): boolean => from.links.at(-1)?.state.state === 'open'
const whyNot = (from: Member): string => from.links.map(({ state }) => (state.state === 'open' ? 'open' : state.why)).join(' ')

const configuration = { voters: [member('a'), member('b')], outgoing: [], learners: [member('c')] }
const entries: readonly Entry[] = [
  { kind: 'nothing', index: 7, term: 3 }, { kind: 'command', index: 8, term: 3, data: Buffer.from([0, 255, 10, 0]) }, { kind: 'configuration', index: 9, term: 4, configuration },
]
const letter = { from: member('a'), to: member('b'), term: 4 }
const everyMessage: readonly Message[] = [
  { ...letter, kind: 'pre-vote', lastIndex: 1, lastTerm: 1 }, { ...letter, kind: 'pre-vote-reply', granted: true },
  { ...letter, kind: 'vote', lastIndex: 1, lastTerm: 1, byTransfer: false }, { ...letter, kind: 'vote-reply', granted: false },
  { ...letter, kind: 'append', previousIndex: 6, previousTerm: 3, entries, commit: 6 },
  { ...letter, kind: 'append-reply', accepted: true, matched: 9 }, { ...letter, kind: 'append-reply', accepted: false, previousIndex: 6, hintIndex: 4, hintTerm: 2 },
  { ...letter, kind: 'heartbeat', commit: 6, round: 12 }, { ...letter, kind: 'heartbeat-reply', round: 12 },
  { ...letter, kind: 'snapshot-piece', mark: { index: 5, term: 2, configuration }, offset: 3, data: Buffer.from('piece'), isLast: false },
  { ...letter, kind: 'snapshot-reply', index: 5, nextOffset: 8, isInstalled: false }, { ...letter, kind: 'campaign-now' },
  { ...letter, kind: 'read-index', id: 'r1' }, { ...letter, kind: 'read-index-reply', id: 'r1', index: null, refusal: 'no-leader' },
]
const comparable = (message: Message): unknown => JSON.parse(JSON.stringify(message, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)))

test('every message arrives as it was sent', async () => {
  const kinds = new Set(everyMessage.map(({ kind }) => kind))
  assert.equal(kinds.size, 13)
  const ports = [await freePort(host), await freePort(host)] as const
  await using a = await open('a', ports[0])
  await using b = await open('b', ports[1])
  a.transport.setPeers(new Map([[member('b'), `${host}:${ports[1]}`]]))
  b.transport.setPeers(new Map([[member('a'), `${host}:${ports[0]}`]]))
  await until(() => isOpen(a) && isOpen(b), 'both are connected')
  for (const message of everyMessage) a.transport.send(message)
  await until(() => b.heard.length === everyMessage.length, 'all arrived')
  assert.deepEqual(b.heard.map(comparable), everyMessage.map(comparable))
  assert.deepEqual([a.turnedAway, b.turnedAway], [[], []])
})

test('bytes that are no message are named, whichever byte of one is changed or left out', () => {
  for (const message of everyMessage) {
    const good = Buffer.from(encodeMessage(message))
    for (let length = 0; length < good.length; length += 1) assert.throws(() => decodeMessage(good.subarray(0, length)), `${message.kind} cut at ${length}`)
  }
  const changed = (message: object): Uint8Array => encodeMessage(message as Message) // on purpose none
  assert.throws(() => decodeMessage(changed({ ...letter, kind: 'heartbeat', commit: -1, round: 1 })), /heartbeat whose commit is -1/)
  assert.throws(() => decodeMessage(changed({ ...letter, kind: 'toString' })), /unknown kind "toString"/)
  assert.throws(() => decodeMessage(changed({ ...letter, kind: 'vote', lastIndex: 1, lastTerm: 1.5, byTransfer: true })), /vote whose lastTerm is 1.5/)
  assert.throws(() => decodeMessage(changed({ ...letter, from: 7, kind: 'campaign-now' })), /campaign-now whose from is 7/)
  assert.deepEqual(comparable(decodeMessage(changed({ ...letter, kind: 'campaign-now', ofALaterVersion: 1 }))), { ...letter, kind: 'campaign-now', ofALaterVersion: 1 })
})

test('a protected frame that was changed, repeated, left out or put in is not taken', () => {
  const key = Buffer.alloc(32, 7)
  const frames = (): Uint8Array[] => {
    const writer = new FrameWriter()
    writer.protect(key)
    return ['one', 'two', 'three'].map(text => writer.encode({ kind: 'message', payload: Buffer.from(text) }))
  }
  const read = (sent: readonly Uint8Array[]): string[] => {
    const reader = new FrameReader(1000)
    reader.protect(key)
    const texts: string[] = []
    for (const bytes of sent) for (const byte of bytes) {
      reader.add(Buffer.from([byte]))
      const frame = reader.next()
      if (frame !== null) texts.push(Buffer.from(frame.payload).toString())
    }
    return texts
  }
  const [one, two, three] = frames()
  assert.ok(one && two && three)
  assert.deepEqual(read([one, two, three]), ['one', 'two', 'three'])
  assert.throws(() => read([one, one]), /code does not fit/)
  assert.throws(() => read([one, three]), /code does not fit/)
  assert.throws(() => read([two]), /code does not fit/)
  for (let at = 4; at < one.length; at += 1) {
    const bad = Buffer.from(one)
    bad.writeUInt8(bad.readUInt8(at) ^ 1, at)
    assert.throws(() => read([bad]), /code does not fit|unknown kind/, `byte ${at}`)
  }
})

test('a member without the secret, of another group, with another identity, or whom nobody named is not let in, and both sides are told', async () => {
  const ports = [await freePort(host), await freePort(host)] as const
  const cases: readonly { readonly options: Partial<TransportOptions>; readonly name: string; readonly asks: string; readonly why: RegExp; readonly told: RegExp }[] = [
    { options: { secret: 'another one, as long' }, name: 'a', asks: 'b', why: /failed/, told: /a does not know the secret/ },
    { options: { secret: null }, name: 'a', asks: 'b', why: /not-proved/, told: /^$/ },
    { options: { group: 'h' }, name: 'a', asks: 'b', why: /not-for-me/, told: /of group h\): not-for-me/ },
    { options: {}, name: 'a', asks: 'c', why: /not-for-me/, told: /not-for-me/ },
    { options: {}, name: 'z', asks: 'b', why: /not-for-me/, told: /unknown-member/ },
  ]
  for (const { options, name, asks, why, told } of cases) {
    await using b = await open('b', ports[1])
    b.transport.setPeers(new Map([[member('a'), `${host}:${ports[0]}`]]))
    await using stranger = await open(name, ports[0], options)
    stranger.transport.setPeers(new Map([[member(asks), `${host}:${ports[1]}`]]))
    await until(() => stranger.links.length > 0, 'the stranger is told')
    stranger.transport.send(heartbeat(name, asks, 1))
    assert.match(whyNot(stranger), why)
    assert.match(b.turnedAway.filter(line => !/lost|ECONN/.test(line))[0] ?? '', told)
    assert.deepEqual(b.heard, [])
  }
})

test('a member speaks only for itself', async () => {
  const ports = [await freePort(host), await freePort(host)] as const
  await using a = await open('a', ports[0])
  await using b = await open('b', ports[1])
  a.transport.setPeers(new Map([[member('b'), `${host}:${ports[1]}`]]))
  b.transport.setPeers(new Map([[member('a'), `${host}:${ports[0]}`]]))
  await until(() => isOpen(a), 'connected')
  a.transport.send(heartbeat('c', 'b', 1))
  await until(() => b.turnedAway.length > 0, 'b has noticed')
  assert.match(b.turnedAway[0] ?? '', /a spoke as c to b/)
  assert.deepEqual(b.heard, [])
})

test('with certificates each side must be who its address says; a certificate for another host, of another authority, or none is not let in', async () => {
  const authority = new Authority()
  const tls = (certificate: ReturnType<Authority['issue']>, of = authority): TransportOptions['tls'] => ({ ...certificate, authority: of.certificate })
  const ports = [await freePort(host), await freePort(host)] as const
  const good = tls(authority.issue(host))
  const other = new Authority('another one')
  const cases: readonly { readonly tls: TransportOptions['tls']; readonly isLetIn: boolean }[] = [
    { tls: good, isLetIn: true }, { tls: tls(authority.issue('127.41.8.2')), isLetIn: false }, { tls: tls(other.issue(host)), isLetIn: false },
    { tls: { ...other.issue(host), authority: authority.certificate }, isLetIn: false }, { tls: null, isLetIn: false },
  ]
  for (const { tls: theirs, isLetIn } of cases) {
    await using b = await open('b', ports[1], { tls: good })
    b.transport.setPeers(new Map([[member('a'), `${host}:${ports[0]}`]]))
    await using a = await open('a', ports[0], { tls: theirs })
    a.transport.setPeers(new Map([[member('b'), `${host}:${ports[1]}`]]))
    await until(() => a.links.length > 0 && (isLetIn || b.turnedAway.length > 0), 'a is told')
    a.transport.send(heartbeat('a', 'b', 9))
    if (isLetIn) await until(() => b.heard.length === 1, 'the message arrived')
    assert.equal(isOpen(a), isLetIn, JSON.stringify(a.links))
    assert.equal(b.heard.length, isLetIn ? 1 : 0)
  }
})

test('one that ends and comes back is found again; that nobody listens there is told at once', async () => {
  const ports = [await freePort(host), await freePort(host)] as const
  await using a = await open('a', ports[0])
  a.transport.setPeers(new Map([[member('b'), `${host}:${ports[1]}`]]))
  const peersOfB = new Map([[member('a'), `${host}:${ports[0]}`]])
  const b = await open('b', ports[1])
  b.transport.setPeers(peersOfB)
  await until(() => isOpen(a), 'connected')
  await new Promise(resolve => setTimeout(resolve, 1100)) // a connection that has lived
  await b.transport.close()
  await until(() => whyNot(a).endsWith('open closed refused'), 'told that nobody listens there')
  await using again = await open('b', ports[1])
  again.transport.setPeers(peersOfB)
  await until(() => isOpen(a), 'connected again')
  a.transport.send(heartbeat('a', 'b', 3))
  await until(() => again.heard.length === 1, 'heard again')
})

/** Accepts, hands bytes on to `port`, and stops doing so without closing anything. */
async function cuttableWay(port: number): Promise<{ readonly port: number; cut(): void; close(): Promise<void> }> {
  const sockets: Socket[] = []
  let isCut = false
  const server: Server = createServer(socket => {
    const onward = connect(port, host)
    sockets.push(socket, onward)
    for (const [from, to] of [[socket, onward], [onward, socket]] as const) {
      from.on('data', (bytes: Buffer) => { if (!isCut) to.write(bytes) })
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  const own = await freePort(host)
  await new Promise<void>(resolve => server.listen(own, host, resolve))
  return {
    port: own,
    cut: () => { isCut = true },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

test('a connection on which nothing arrives any more is given up, though nobody closed it', async () => {
  const ports = [await freePort(host), await freePort(host)] as const
  await using a = await open('a', ports[0], { limits: usualLimits })
  await using b = await open('b', ports[1])
  const way = await cuttableWay(ports[1])
  a.transport.setPeers(new Map([[member('b'), `${host}:${way.port}`]]))
  b.transport.setPeers(new Map([[member('a'), `${host}:${ports[0]}`]]))
  await until(() => isOpen(a), 'connected')
  way.cut()
  await until(() => /silent/.test(whyNot(a)), 'noticed')
  await until(() => /no-answer/.test(whyNot(a)), 'and that a new connection is not answered either')
  await way.close()
})

test('whoever connects and proves nothing is let go, however many come', async () => {
  const port = await freePort(host)
  await using b = await open('b', port, { limits: { ...usualLimits, connectMilliseconds: 2000, strangersMax: 3 } })
  const sockets = Array.from({ length: 8 }, () => connect(port, host))
  const closed = Promise.all(sockets.map(socket => new Promise<void>(resolve => socket.on('error', () => undefined).on('close', () => resolve()))))
  sockets[0]?.write(Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2, 3]))
  await closed
  assert.ok(b.turnedAway.some(line => /a frame of 2147483647 bytes; 4096 are allowed/.test(line)), b.turnedAway.join('\n'))
  assert.ok(b.turnedAway.some(line => /too many that have not proved/.test(line)))
  assert.ok(b.turnedAway.some(line => /did not prove in time/.test(line)))
})

test('a secret that can be guessed is refused, and so is an address without a port', async () => {
  await assert.rejects(open('a', await freePort(host), { secret: 'short' }), /has 5 characters; at least 16 are needed/)
  await using a = await open('a', await freePort(host))
  assert.throws(() => a.transport.setPeers(new Map([[member('b'), 'db141']])), /"db141" is no address/)
})

test('one that is no member yet is asked and answers, and hears messages once it has become one', async () => {
  const [here, there] = [await freePort(host), await freePort(host)]
  const heard: Message[] = []
  const asked: string[] = []
  const events = {
    message: (message: Message) => void heard.push(message), link: () => undefined, turnedAway: () => undefined,
    asked: async (from: string, question: unknown) => {
      asked.push(`${from} asks ${JSON.stringify(question)}`)
      return { told: [1, 'two', null] }
    },
  }
  const blank = await openRaftTransport({ member: null, group: null, listen: { host, port: there }, secret, tls: null, limits: patient }, events)
  try {
    await using a = await open('a', here)
    assert.deepEqual(await a.transport.ask(`${host}:${here}`, `${host}:${there}`, { who: 'there?' }, 15_000), { ok: true, value: { told: [1, 'two', null] } })
    assert.deepEqual(asked, [`${host}:${here} asks {"who":"there?"}`])
    a.transport.setPeers(new Map([[member('b'), `${host}:${there}`]]))
    await until(() => whyNot(a).includes('not-for-me'), 'turned away as long as nobody is b')
    blank.become({ member: member('b'), group: 'g' })
    blank.setPeers(new Map([[member('a'), `${host}:${here}`]]))
    await until(() => isOpen(a), 'let in once b is there')
    a.transport.send(heartbeat('a', 'b', 1))
    await until(() => heard.length === 1, 'heard')
  } finally {
    await blank.close()
  }
})

test('a question without the secret, to one who answers none, and one that gets no answer in time fail with a sentence', async () => {
  const [here, there, silent] = [await freePort(host), await freePort(host), await freePort(host)]
  await using a = await open('a', here)
  await using stranger = await open('s', there, { secret: 'another secret of a stranger' })
  assert.match(JSON.stringify(await stranger.transport.ask('s:1', `${host}:${here}`, null, 15_000)), /says: not-for-me; there is a/)
  const never = await openRaftTransport({ member: null, group: null, listen: { host, port: silent }, secret, tls: null, limits: patient },
    { message: () => undefined, link: () => undefined, turnedAway: () => undefined, asked: () => new Promise(() => undefined) })
  try {
    assert.match(JSON.stringify(await stranger.transport.ask('s:1', `${host}:${silent}`, null, 15_000)), /the connection was closed before the answer came/)
    assert.deepEqual(await a.transport.ask('a:1', `${host}:${silent}`, null, 300), { ok: false, failure: `${host}:${silent}: no answer within 300 ms` })
  } finally {
    await never.close()
  }
})
