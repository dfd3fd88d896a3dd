/**
 * How long it takes to move all replicas of a source below another server, one at a time and several at once, under a writer of five rows a second
 * (the replicas share the machine).
 * `node bench/relocate.ts [replicas]`: real servers (about 0.3 GiB each), the built program, `MaxConcurrentReplicaOperations` 1, 5 and 10.
 */
import { Writer } from '../test/harness/lab/writer.ts'
import { Api, until } from '../test/harness/recorded/api.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../test/harness/recorded/program.ts'
import { Sandbox } from '../test/harness/sandbox/sandbox.ts'
import { machine, table } from './figures.ts'

const replicas = Number(process.argv[2] ?? 50)
const names = Array.from({ length: replicas }, (_, index) => `replica-${index + 1}`)
const small = ['--performance-schema=OFF', '--innodb-buffer-pool-size=5M', '--max-connections=60']
const atOnce = 5

const began = performance.now()
await using sandbox = await Sandbox.start({ servers: [{ name: 'source' }, { name: 'other' }] })
for (let from = 0; from < names.length; from += atOnce) {
  await Promise.all(names.slice(from, from + atOnce).map(async (name, index) => sandbox.add({ name, options: small, serverId: 1000 + from + index })))
}
await sandbox.replicate('other', 'source')
for (const name of names) await sandbox.replicate(name, 'source')
for (const { name } of sandbox.servers) if (name !== 'source') await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
console.log(`${replicas + 2} servers after ${((performance.now() - began) / 1000).toFixed(0)} s; ${machine()}`)

await using writer = await Writer.start(sandbox.server('source'), () => sandbox.servers, 200)
const path = (name: string): string => sandbox.server(name).key.replace(':', '/')
const rows: (readonly string[])[] = []
for (const concurrency of [1, 5, 10]) {
  using folder = temporaryFolder()
  const program = await startProgram(['--config', writeConfiguration(folder.path, { MaxConcurrentReplicaOperations: concurrency, RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: [] })], true)
  if (!isRunning(program)) throw new Error(program.stderr)
  const api = new Api(program.address)
  for (const { name } of sandbox.servers) await api.former(`discover/${path(name)}`)
  await until(() => api.get<readonly unknown[]>('/api/all-instances'), all => all.length === sandbox.servers.length, 30_000)
  const took: string[] = []
  for (const [from, to] of [['source', 'other'], ['other', 'source']] as const) {
    const at = performance.now()
    const answer = await api.former(`relocate-replicas/${path(from)}/${path(to)}?pattern=${names.map(name => `:${sandbox.server(name).port}$`).join('|')}`)
    if (answer.Code !== 'OK') throw new Error(answer.Message)
    took.push(((performance.now() - at) / 1000).toFixed(2))
    if (!answer.Message.startsWith(`Relocated ${replicas} replicas`)) throw new Error(answer.Message)
  }
  rows.push([String(concurrency), took[0] ?? '', took[1] ?? ''])
  await program.stop()
}
console.log(table(['at once', 'below the other, s', 'and back, s'], rows))
await writer.stop()
await sandbox.untilCaughtUp('other', 'source')
for (const name of names) {
  await sandbox.untilCaughtUp(name, 'source')
  const missing = await writer.missingOn(sandbox.server(name))
  if (missing > 0) throw new Error(`${name} lacks ${missing} acknowledged rows`)
}
console.log(`${writer.acknowledged.length} rows were acknowledged meanwhile; every replica has them all`)
