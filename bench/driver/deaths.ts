import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'
import { type Address, type Client, type Library, connect, nameOf } from './client.ts'

const waitMillisMax = 8_000
const deadlineMillis = 500
const settleMillis = 200

export interface Seen {
  readonly what: string
  readonly outcome: string
  readonly millis: number
}

/** What a client of this library sees when its server dies in several ways. The server runs again afterwards. */
export async function seeDeaths(library: Library, server: SandboxServer, address: Address): Promise<Seen[]> {
  const open = () => connect[library](address)
  const seen: Seen[] = []
  let ending: Promise<void> = Promise.resolve()
  const kill = () => (ending = server.kill())
  const stop = () => (ending = server.stop())
  const record = async (what: string, act: (client: Client) => Promise<Omit<Seen, 'what'>>) => {
    const client = await open()
    try {
      seen.push({ what, ...(await act(client)) })
    } finally {
      client.destroy()
      server.resume()
      await ending
      await server.start()
    }
  }

  await record('killed under a statement', async client => {
    const running = outcomeOf(client.query('SELECT SLEEP(30)'))
    await sleep(settleMillis)
    return timed(() => running, kill)
  })
  await record('killed while idle', async client => {
    const ended = new Promise<string>(resolve => client.onEnd(resolve))
    await sleep(settleMillis)
    return timed(() => ended, kill)
  })
  await record('stopped cleanly while idle', async client => {
    const ended = new Promise<string>(resolve => client.onEnd(resolve))
    await sleep(settleMillis)
    return timed(() => ended, stop)
  })
  await record(`frozen, a statement with a deadline of ${deadlineMillis} ms`, async client => {
    server.freeze()
    return timed(() => outcomeOf(client.query('SELECT 1', deadlineMillis)), () => {})
  })
  await record('frozen, a statement with a deadline, then resumed: the next statement on that connection', async client => {
    server.freeze()
    await Promise.race([outcomeOf(client.query('SELECT 1', deadlineMillis)), sleep(deadlineMillis * 2)])
    server.resume()
    await sleep(settleMillis)
    return timed(() => outcomeOf(client.query('SELECT 2 AS two')), () => {})
  })
  await record('frozen, a new connection with connectTimeout 5000 ms', async () => {
    server.freeze()
    return timed(() => open().then(client => (client.destroy(), 'connected'), nameOf), () => {})
  })
  return seen
}

function outcomeOf(running: Promise<Record<string, unknown>[]>): Promise<string> {
  return running.then(rows => `answered ${rows.map(row => Object.values(row).map(String).join(' ')).join(', ')}`, error => `rejected ${nameOf(error)}`)
}

async function timed(outcome: () => Promise<string>, trigger: () => unknown): Promise<Omit<Seen, 'what'>> {
  const begun = performance.now()
  trigger()
  const late = new AbortController()
  const seen = await Promise.race([outcome(), sleep(waitMillisMax, `nothing within ${waitMillisMax} ms`, { signal: late.signal })])
  const millis = performance.now() - begun
  late.abort()
  return { outcome: seen, millis }
}
