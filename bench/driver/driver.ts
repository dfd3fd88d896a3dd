/** `npm run bench:driver`: compares the two client libraries against real servers and prints what it found. See README.md. */
import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { promisify } from 'node:util'
import { accounts } from '../../test/harness/sandbox/accounts.ts'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'
import { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import { type Address, libraries, versionOf } from './client.ts'
import { seeDeaths } from './deaths.ts'
import type { Measured, Task } from './measure.ts'

const run = promisify(execFile)
const batches = 10

await using sandbox = await Sandbox.start({ servers: [{ name: 'mysql' }, { name: 'mariadb', flavour: 'mariadb' }], say: line => console.log(line) })
console.log(`Node ${process.versions.node}, ${cpus().length} cores, ${[...new Set(await Promise.all(libraries.map(versionOf)))].join(', ')}`)
for (const server of sandbox.servers) {
  console.log(`\n${server.flavour} ${server.version}; client CPU and wall time of one, µs: median of ${batches} batches (lowest to highest)`)
  await measureAll(server)
}
for (const server of sandbox.servers) {
  for (const library of libraries.filter(name => name !== 'mysql2 lean')) {
    console.log(`\n${library} against ${server.flavour} ${server.version}`)
    for (const { what, outcome, millis } of await seeDeaths(library, server, addressOf(server, 'orchestrator', true))) {
      console.log(`  ${what.padEnd(90)} ${millis.toFixed(1).padStart(8)} ms  ${outcome}`)
    }
  }
}

async function measureAll(server: SandboxServer): Promise<void> {
  const rows: { says: string; kind: Task['kind']; user: 'orchestrator' | 'root'; encrypted: boolean; perBatch: number }[] = [
    { says: 'new connection, TLS, password known to the server', kind: 'connect', user: 'orchestrator', encrypted: true, perBatch: 40 },
    { says: 'new connection, plaintext, password known to the server', kind: 'connect', user: 'orchestrator', encrypted: false, perBatch: 100 },
    { says: 'new connection, TLS, whole login', kind: 'connect-uncached', user: 'orchestrator', encrypted: true, perBatch: 40 },
    { says: 'new connection, plaintext, whole login (RSA where the server asks)', kind: 'connect-uncached', user: 'orchestrator', encrypted: false, perBatch: 40 },
    { says: 'poll over TLS', kind: 'poll', user: 'root', encrypted: true, perBatch: 400 },
    { says: 'poll in plaintext', kind: 'poll', user: 'root', encrypted: false, perBatch: 400 },
    { says: 'memory of one connection held open, TLS', kind: 'hold', user: 'root', encrypted: true, perBatch: 1 },
    { says: 'memory of one connection held open, plaintext', kind: 'hold', user: 'root', encrypted: false, perBatch: 1 },
  ]
  for (const { says, kind, user, encrypted, perBatch } of rows) {
    for (const library of libraries) {
      const place = { library, flavour: server.flavour, address: addressOf(server, user, encrypted), administrator: addressOf(server, 'root', false) }
      const measured = await measure({ kind, ...place, batches, perBatch })
      const words = typeof measured === 'string' ? measured : kind === 'hold' ? `${measured.heldKilobytes.toFixed(0)} KB` : `CPU ${spread(measured.cpuMicros)}  wall ${spread(measured.wallMicros)}  rss ${measured.residentMegabytes.toFixed(0)} MB`
      console.log(`  ${says.padEnd(68)} ${library.padEnd(11)} ${words}`)
    }
  }
}

async function measure(task: Task): Promise<Measured | string> {
  try {
    const { stdout } = await run(process.execPath, ['--expose-gc', new URL('./measure.ts', import.meta.url).pathname, JSON.stringify(task)])
    return JSON.parse(stdout)
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    return `failed: ${/Error: .*/.exec(said)?.[0] ?? said}`
  }
}

function addressOf(server: SandboxServer, who: 'orchestrator' | 'root', encrypted: boolean): Address {
  return { host: server.host, port: server.port, ...accounts[who], encrypted }
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(0)
  return `${at(0.5).padStart(5)} (${at(0)}–${at(1)})`
}

