import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { tryLock } from './file-lock.ts'

// Below 32768, where Linux begins to hand out ports for outgoing connections.
const defaultRange = { first: 20000, last: 29999 }

export interface PortReservation {
  readonly ports: readonly number[]
  release(): Promise<void>
}

/**
 * Ports that nothing listens on and that no other test process is given until `release()` or the end of this process.
 * The range may be narrowed with the variable `ORCHESTRATOR_TEST_PORTS=first-last`.
 */
export async function reservePorts(count: number, host = '127.0.0.1'): Promise<PortReservation> {
  // Not among temporary files: two runs whose TMPDIR differs must see each other's.
  const folder = join(cacheFolder(), 'ports')
  await mkdir(folder, { recursive: true })
  const { first, last } = portRange()
  const size = last - first + 1
  const start = (process.pid * 37) % size // spreads processes that begin at once
  const taken: number[] = []
  const lockOf = (port: number) => join(folder, String(port))
  const release = async () => {
    await Promise.all(taken.map(port => rm(lockOf(port), { force: true })))
  }
  for (let offset = 0; offset < size && taken.length < count; offset++) {
    const port = first + ((start + offset) % size)
    if (!(await tryLock(lockOf(port)))) continue
    if (await canListen(host, port)) taken.push(port)
    else await rm(lockOf(port), { force: true })
  }
  if (taken.length < count) {
    await release()
    throw new Error(`Fewer than ${count} free ports between ${first} and ${last}`)
  }
  return { ports: taken, release }
}

function portRange(): { first: number; last: number } {
  const text = process.env['ORCHESTRATOR_TEST_PORTS']
  if (text === undefined) return defaultRange
  const match = /^(\d+)-(\d+)$/.exec(text)
  const [first, last] = [Number(match?.[1]), Number(match?.[2])]
  if (!(first >= 1024 && last >= first && last <= 65535)) throw new Error(`ORCHESTRATOR_TEST_PORTS must be FIRST-LAST within 1024-65535, not "${text}"`)
  return { first, last }
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
