import assert from 'node:assert/strict'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FaultProxy } from './fault-proxy.ts'

const waitMillisMax = 15_000
/** So long nothing may arrive where nothing must. */
const silenceMillis = 150

interface Client {
  readonly socket: Socket
  readonly text: () => string
  /** 'end', or the code of an error. */
  readonly fate: () => string
}

interface Rig {
  readonly proxy: FaultProxy
  readonly serverSockets: Socket[]
  client(from?: string): Promise<Client>
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + waitMillisMax; !holds(); await sleep(2)) {
    if (performance.now() > deadline) throw new Error(`not within ${waitMillisMax} ms: ${what}`)
  }
}

/** A server that sends back all it gets, behind a proxy. */
async function rig(context: TestContext, answers = true): Promise<Rig> {
  const serverSockets: Socket[] = []
  const echo: Server = createServer({ allowHalfOpen: true }, socket => {
    serverSockets.push(socket)
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    if (answers) socket.pipe(socket, { end: false })
  })
  await new Promise<void>(resolve => echo.listen(0, '127.0.0.1', resolve))
  const address = echo.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const proxy = await FaultProxy.listen({ target: { host: '127.0.0.1', port: address.port }, random: () => 0.5 })
  const clients: Socket[] = []
  context.after(async () => {
    for (const socket of [...clients, ...serverSockets]) socket.destroy()
    await proxy.close()
    await new Promise<void>(resolve => echo.close(() => resolve()))
  })
  const client = async (from = '127.0.0.1'): Promise<Client> => {
    const socket = connect({ host: '127.0.0.1', port: proxy.port, localAddress: from })
    clients.push(socket)
    let [text, fate] = ['', '']
    socket.on('data', bytes => (text += bytes.toString()))
    socket.on('end', () => (fate ||= 'end'))
    socket.on('error', error => (fate = 'code' in error ? String(error.code) : error.message))
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return { socket, text: () => text, fate: () => fate }
  }
  return { proxy, serverSockets, client }
}

test('without a fault all arrives, in order and however much it is, and the end is told', async context => {
  const { client, proxy } = await rig(context)
  const one = await client()
  const sent = Array.from({ length: 200_000 }, (_, index) => String(index % 10)).join('')
  one.socket.end(sent)
  await until('the end', () => one.fate() === 'end')
  assert.equal(one.text(), sent)
  await until('the proxy forgets it', () => proxy.connections === 0)
  assert.equal(proxy.accepted.get('127.0.0.1'), 1)
})

test('a delay holds each piece back, with jitter too, and none overtakes another', async context => {
  const { client, proxy } = await rig(context)
  const one = await client()
  proxy.set('to client', { delayMillis: 80, jitterMillis: 40 })
  const began = performance.now()
  for (const letter of 'abcdef') {
    one.socket.write(letter)
    await sleep(5)
  }
  proxy.set('to client', { delayMillis: 0, jitterMillis: 0 })
  one.socket.write('g')
  await until('all arrive', () => one.text().length === 7)
  assert.equal(one.text(), 'abcdefg')
  assert.ok(performance.now() - began >= 95, 'not before delay and half the jitter')
})

test('a black hole takes everything after so many bytes and tells nobody; healed, what was held arrives', async context => {
  const { client, proxy } = await rig(context)
  const one = await client()
  proxy.set('to client', { holdAfterBytes: 4 })
  one.socket.write('abcdefgh')
  await until('the first bytes arrive', () => one.text() === 'abcd')
  await sleep(silenceMillis)
  assert.deepEqual([one.text(), one.fate()], ['abcd', ''])
  proxy.heal()
  await until('the rest arrives', () => one.text() === 'abcdefgh')
})

test('in a black hole a new connection is taken and nothing comes, not even the end of the other side', async context => {
  const { client, proxy, serverSockets } = await rig(context)
  proxy.set('to client', { holdAfterBytes: 0 })
  const one = await client()
  one.socket.write('a')
  await until('the server has it', () => serverSockets[0]?.bytesRead === 1)
  for (const socket of serverSockets) socket.end()
  await sleep(silenceMillis)
  assert.deepEqual([one.text(), one.fate()], ['', ''])
  proxy.heal()
  await until('both arrive', () => one.fate() === 'end')
  assert.equal(one.text(), 'a')
})

test('a half-open connection: the client believes in it after the server has gone, until it is healed', async context => {
  const { client, proxy, serverSockets } = await rig(context)
  const one = await client()
  one.socket.write('a')
  await until('it is answered', () => one.text() === 'a')
  proxy.set('to client', { hidesEnd: true })
  for (const socket of serverSockets) socket.resetAndDestroy()
  await sleep(silenceMillis)
  one.socket.write('b')
  await sleep(silenceMillis)
  assert.deepEqual([one.text(), one.fate()], ['a', ''])
  proxy.heal()
  await until('the end is told', () => one.fate() !== '')
})

test('what drips comes in small pieces, slowly', async context => {
  const { client, proxy } = await rig(context)
  const one = await client()
  proxy.set('to server', { drip: { bytes: 2, everyMillis: 20 } })
  const began = performance.now()
  one.socket.write('abcdefghij')
  await until('all arrive', () => one.text() === 'abcdefghij')
  assert.ok(performance.now() - began >= 79, 'four intervals between five pieces')
})

test('a reset ends the connections there are with an error; refused ones never hear a word', async context => {
  const { client, proxy } = await rig(context)
  const one = await client()
  one.socket.write('a')
  await until('it is answered', () => one.text() === 'a')
  proxy.reset()
  await until('it is reset', () => one.fate() === 'ECONNRESET')
  proxy.refuse()
  await assert.rejects(async () => {
    const two = await client()
    await until('it is reset too', () => two.fate() !== '')
    throw Object.assign(new Error('reset'), { code: two.fate() })
  }, { code: 'ECONNRESET' })
  proxy.heal()
  const three = await client()
  three.socket.write('c')
  await until('it is answered again', () => three.text() === 'c')
})

test('a fault for the clients of one address leaves the others alone', async context => {
  const { client, proxy } = await rig(context)
  const [one, other] = [await client('127.0.0.1'), await client('127.0.0.9')]
  proxy.blackHole({ from: '127.0.0.9' })
  one.socket.write('a')
  other.socket.write('b')
  await until('one is answered', () => one.text() === 'a')
  await sleep(silenceMillis)
  assert.equal(other.text(), '')
  proxy.reset({ from: '127.0.0.9' })
  await until('the other is reset', () => other.fate() === 'ECONNRESET')
  assert.equal(one.fate(), '')
})

test('a server that nobody answers for: the client is reset', async context => {
  const { proxy } = await rig(context)
  const lost = await FaultProxy.listen({ target: { host: '127.0.0.1', port: 1 } })
  context.after(() => lost.close())
  const socket = connect(lost.port, '127.0.0.1')
  let fate = ''
  socket.on('error', error => (fate = 'code' in error ? String(error.code) : error.message))
  await until('it is reset', () => fate === 'ECONNRESET')
  assert.equal(proxy.connections, 0)
})

test('a proxy that mirrors refuses while its target does, and takes connections again when the target is back', async context => {
  const target = createServer(socket => socket.on('error', () => {}).end('hello'))
  const listen = (port: number): Promise<void> => new Promise(resolve => target.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const address = target.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const proxy = await FaultProxy.listen({ target: { host: '127.0.0.1', port: address.port }, mirrorsRefusal: true })
  const { port } = proxy
  context.after(async () => {
    await proxy.close()
    target.close()
  })
  const tryOnce = (): Promise<string> => new Promise(resolve => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('data', bytes => (text += bytes.toString())).on('close', () => resolve(text))
    socket.on('error', error => resolve('code' in error ? String(error.code) : ''))
  })
  const untilAnswer = async (expected: string): Promise<void> => {
    let answer = ''
    for (const deadline = performance.now() + waitMillisMax; answer !== expected; await sleep(5)) {
      answer = await tryOnce()
      if (performance.now() > deadline) throw new Error(`not within ${waitMillisMax} ms: ${expected}; last was ${answer}`)
    }
  }
  await untilAnswer('hello')
  await new Promise<void>(resolve => target.close(() => resolve()))
  await untilAnswer('ECONNREFUSED')
  await listen(address.port)
  await untilAnswer('hello')
})

test('a sender waits while much is on its way, and nothing is lost of it', async context => {
  const { client, proxy, serverSockets } = await rig(context, false)
  const one = await client()
  await until('the server has it', () => serverSockets.length === 1)
  let received = 0
  serverSockets[0]?.on('data', bytes => (received += bytes.length))
  proxy.set('to server', { holdAfterBytes: 0 })
  const sent = 32 << 20
  one.socket.write(Buffer.alloc(sent))
  await sleep(silenceMillis)
  assert.ok(one.socket.writableLength > sent / 4, 'most of it is still with the sender')
  proxy.heal()
  await until('all has arrived', () => received === sent)
})

test('a fault that is none is refused and changes nothing', async context => {
  const { proxy, client } = await rig(context)
  assert.throws(() => proxy.set('both', { delayMillis: -1 }), /delayMillis: -1 is not a whole number from 0/)
  assert.throws(() => proxy.set('both', { drip: { bytes: 0, everyMillis: 5 } }), /drip.bytes: 0 is not a whole number from 1/)
  const one = await client()
  one.socket.write('a')
  await until('it is answered', () => one.text() === 'a')
})

test('a server that only sends learns of a client that has closed its socket, by a reset, as it would without a proxy', async context => {
  let fate = ''
  const sender = createServer({ allowHalfOpen: true }, socket => {
    const timer = setInterval(() => socket.write('more'), 5)
    socket.on('error', error => (fate = 'code' in error ? String(error.code) : error.message)).on('close', () => clearInterval(timer))
  })
  await new Promise<void>(resolve => sender.listen(0, '127.0.0.1', resolve))
  const address = sender.address()
  assert.ok(address !== null && typeof address !== 'string')
  const proxy = await FaultProxy.listen({ target: { host: '127.0.0.1', port: address.port }, random: () => 0.5 })
  context.after(async () => {
    await proxy.close()
    sender.close()
  })
  const socket = connect({ host: '127.0.0.1', port: proxy.port })
  await new Promise(resolve => socket.once('data', resolve))
  socket.destroy()
  await until('the server learns of it', () => fate !== '')
  assert.match(fate, /ECONNRESET|EPIPE/)
})
