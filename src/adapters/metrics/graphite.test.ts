import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { Log } from '../../ports/log.ts'
import { systemClock } from '../system/clock.ts'
import { graphiteAddress, graphiteLines, graphitePath, startGraphite } from './graphite.ts'

const usual = { address: '', path: 'orchestrator.{hostname}', plainHostname: true, everySeconds: 1 }

function logged(): { readonly log: Log; readonly said: string[] } {
  const said: string[] = []
  const say = (message: string): void => void said.push(message)
  return { log: { debug: say, info: say, warning: say, error: say }, said }
}

async function receiver(context: TestContext): Promise<{ readonly port: number; next(): Promise<string> }> {
  const texts: string[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    let text = ''
    socket.on('data', chunk => (text += chunk.toString('utf8')))
    socket.on('end', () => {
      texts.push(text)
      server.emit('sending')
      socket.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  const next = async (): Promise<string> => {
    if (texts.length === 0) await once(server, 'sending', { signal: AbortSignal.timeout(20_000) })
    return texts.shift() ?? ''
  }
  return { port: (server.address() as AddressInfo).port, next }
}

test('every figure is sent as one line of the plain protocol, again and again until it is stopped', { timeout: 60_000 }, async context => {
  const { port, next } = await receiver(context)
  let polls = 0
  const { log, said } = logged()
  const sending = startGraphite({
    settings: { ...usual, address: `127.0.0.1:${port}` }, hostname: 'orc.example.com', clock: systemClock, log,
    figures: () => [{ name: 'discoveries.attempt', kind: 'counter', value: ++polls }, { name: 'elect.is_elected', kind: 'gauge', value: 1 }],
  })
  for (const time of [1, 2]) {
    const lines = (await next()).split('\n')
    assert.equal(lines.pop(), '', 'the last line is ended')
    assert.match(lines[0] ?? '', new RegExp(`^orchestrator\\.orc_example_com\\.discoveries\\.attempt\\.count ${time} \\d{10}$`))
    assert.match(lines[1] ?? '', /^orchestrator\.orc_example_com\.elect\.is_elected\.value 1 \d{10}$/)
    assert.equal(lines.length, 2)
  }
  sending?.stop()
  assert.deepEqual(said, [])
})

test('a server that does not listen is told of once, and nobody waits for it', { timeout: 60_000 }, async context => {
  const { port, next } = await receiver(context)
  const { log, said } = logged()
  const sending = startGraphite({ settings: { ...usual, address: '127.0.0.1:1', everySeconds: 0.02 }, hostname: 'h', clock: systemClock, log, figures: () => [] })
  for (let tries = 0; said.length === 0 && tries < 1000; tries++) await systemClock.sleep(20)
  await systemClock.sleep(100)
  assert.deepEqual(said, ['figures could not be sent to Graphite'])
  sending?.stop()
  const again = startGraphite({ settings: { ...usual, address: `127.0.0.1:${port}` }, hostname: 'h', clock: systemClock, log, figures: () => [{ name: 'x', kind: 'gauge', value: 0 }] })
  assert.match(await next(), /^orchestrator\.h\.x\.value 0 /)
  again?.stop()
})

test('nothing is sent without an address, a path, or an interval; a missing path is said', () => {
  const { log, said } = logged()
  const start = (changed: Partial<typeof usual>): unknown =>
    startGraphite({ settings: { ...usual, address: 'h:2003', ...changed }, hostname: 'h', clock: { now: () => 0, after: () => () => undefined }, log, figures: () => [] })
  assert.equal(start({ address: '' }), null)
  assert.equal(start({ everySeconds: 0 }), null)
  assert.deepEqual(said, [])
  assert.equal(start({ path: '' }), null)
  assert.equal(start({ address: 'a b' }), null)
  assert.deepEqual(said, ['GraphiteAddr is set and GraphitePath is empty: nothing is sent to Graphite', 'GraphiteAddr is not host:port: nothing is sent to Graphite'])
  assert.notEqual(start({}), null)
})

test('GraphitePollSeconds is the time between two sendings', () => {
  const waits: number[] = []
  startGraphite({
    settings: { ...usual, address: 'h', everySeconds: 17 }, hostname: 'h', log: logged().log, figures: () => [],
    clock: { now: () => 0, after: milliseconds => { waits.push(milliseconds); return () => undefined } },
  })
  assert.deepEqual(waits, [17_000])
})

test('addresses are host, host:port or [ipv6]:port, and the path keeps or loses the dots of the host', () => {
  assert.deepEqual(graphiteAddress('graphite'), { host: 'graphite', port: 2003 })
  assert.deepEqual(graphiteAddress('10.1.2.3:2004'), { host: '10.1.2.3', port: 2004 })
  assert.deepEqual(graphiteAddress('[::1]:2004'), { host: '::1', port: 2004 })
  for (const wrong of ['', 'a:b', 'a:0', 'a:70000', 'a b:1', '::1']) assert.equal(graphiteAddress(wrong), null, wrong)
  assert.equal(graphitePath({ path: '{hostname}.x.', plainHostname: true }, 'a.b'), 'a_b.x')
  assert.equal(graphitePath({ path: '{hostname}.x', plainHostname: false }, 'a.b'), 'a.b.x')
  assert.equal(graphiteLines('p', [{ name: 'n', kind: 'counter', value: 2 }], 5), 'p.n.count 2 5\n')
})
