import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { ClusterView } from '../../src/contract/views.ts'
import { FakeConsul } from '../harness/publication/fake-consul.ts'
import { FakeProxySql } from '../harness/publication/fake-proxysql.ts'
import { RealProgram } from '../harness/publication/real-programs.ts'
import { WebhookServer } from '../harness/publication/webhook-server.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const host = '127.0.0.1'
const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const balancerPort = 23_210
const ports = [23_200, 23_201, 23_202]

const balancerConfiguration = (checkPort: string): string => `
global
  maxconn 100
defaults
  mode tcp
  timeout connect 1s
  timeout client 10s
  timeout server 10s
frontend writes
  bind ${host}:${balancerPort}
  default_backend shop
backend shop
  option httpchk
  http-check send meth GET uri /api/v2/clusters/shop/writer ver HTTP/1.1 hdr Host orchestrator
  http-check send-state
  http-check expect status 200
  default-server inter 200ms fall 1 rise 1 on-marked-down shutdown-sessions
${ports.map(port => `  server ${host}:${port} ${host}:${port} check addr ${host} port ${checkPort}`).join('\n')}
`

/** Which server answers through the load balancer; 0: none. */
async function behindBalancer(): Promise<number> {
  const connection = await createConnection({ host, port: balancerPort, ...accounts.orchestrator, connectTimeout: 1000 }).catch(() => null)
  if (connection === null) return 0
  connection.on('error', () => {})
  const answer = await connection.query<RowDataPacket[]>('SELECT @@port AS port').then(([rows]) => Number(rows[0]?.['port'] ?? 0), () => 0)
  connection.destroy()
  return answer
}

test('a failover and a takeover are told to every place before the hooks that follow, and load balancers are led by the check; the old primary is never named again', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two'].map((name, index) => ({ name, port: ports[index] ?? 0 })) })
  await using consul = await FakeConsul.start(['east', 'west'])
  await using proxy = await FakeProxySql.start()
  await using hooks = await WebhookServer.start()
  using folder = temporaryFolder()
  const [primary, one, two] = [sandbox.server('primary'), sandbox.server('one'), sandbox.server('two')]
  for (const name of ['one', 'two']) await sandbox.replicate(name, 'primary')
  for (const server of [one, two]) await server.sql('SET GLOBAL super_read_only = ON')
  const configuration = writeConfiguration(folder.path, {
    DetectClusterAliasQuery: "select 'shop'", ConsulAddress: consul.address, ConsulKVStoreProvider: 'consul-txn', ConsulCrossDataCenterDistribution: true,
    ProxySQLAdminAddresses: [proxy.address], ProxySQLAdminPassword: 'admin', ProxySQLWriterHostgroups: { shop: '10' }, PublicationWebhooks: [hooks.url], PublicationWaitMilliseconds: 10_000,
    PostMasterFailoverProcesses: ['true'], RecoverIntermediateMasterClusterFilters: [],
  })
  const program = await startProgram(['--config', configuration])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  await using running = program
  const api = new Api(running.address)
  await api.former(`discover/${host}/${primary.port}`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/shop'), view => view.members?.length === 3)
  await using balancer = await RealProgram.haproxy(balancerConfiguration(new URL(running.address).port), async () => (await behindBalancer()) === primary.port)

  /** What every place says now. */
  const told = () => ({
    consul: [...consul.sites.values()].map(site => site.get('mysql/master/shop')), proxy: proxy.runtime.map(({ hostname, port }) => `${hostname}:${port}`),
    hook: (hooks.posted.at(-1)?.document as { readonly primary?: { readonly key?: string } } | undefined)?.primary?.key,
  })
  const all = (key: string) => ({ consul: [key, key], proxy: [key], hook: key })

  const submitted = await api.former('submit-masters-to-kv-stores/shop')
  assert.deepEqual([submitted.Code, submitted.Message, submitted.Details], ['OK', 'Submitted 5 masters', [
    { Key: 'mysql/master/shop', Value: primary.key }, { Key: 'mysql/master/shop/hostname', Value: host }, { Key: 'mysql/master/shop/port', Value: String(primary.port) },
    { Key: 'mysql/master/shop/ipv4', Value: host }, { Key: 'mysql/master/shop/ipv6', Value: '' },
  ]])
  assert.deepEqual(told(), all(primary.key))
  // Not waited for in one piece: the places live in this process.
  const command = await promisify(execFile)(process.execPath, [main, '--config', configuration, '-c', 'submit-masters-to-kv-stores', '-alias', 'shop'], { env: { ...process.env, ORCHESTRATOR_API: `${running.address}/api` } })
  assert.deepEqual(command.stdout.split('\n').slice(0, 2), [`mysql/master/shop:${primary.key}`, `mysql/master/shop/hostname:${host}`])

  // Consul fails at first: the recovery waits a bounded time, and it is tried again.
  consul.fault = 'refuse'
  consul.faults = 3
  await primary.kill()
  const successor = await until(async () => (await behindBalancer()), port => port === one.port || port === two.port, 20_000)
  const leader = successor === one.port ? one : two
  await until(async () => told(), now => JSON.stringify(now) === JSON.stringify(all(leader.key)))
  const { recoveries } = await until(() => api.get<{ readonly recoveries: readonly { readonly uid: string; readonly endedAt: number | null; readonly successor: string }[] }>('/api/v2/recoveries'), ({ recoveries: [first] }) => first?.endedAt !== null && first !== undefined)
  assert.equal(recoveries[0]?.successor, leader.key)
  const story = `/api/v2/recoveries/${encodeURIComponent(recoveries[0]?.uid ?? '')}`
  const { steps } = await until(() => api.get<{ readonly steps: readonly { readonly message: string }[] }>(story), recovery => recovery.steps.some(({ message }) => message.startsWith('Executed ')))
  const messages = steps.map(({ message }) => message)
  const published = messages.filter(message => message.startsWith('Writing KV '))
  assert.deepEqual(published.length, 4, messages.join('\n'))
  assert.ok(published.every(message => message.endsWith('done and read back')), published.join('\n'))
  assert.ok(messages.findLastIndex(message => message.startsWith('Writing KV ')) < messages.findIndex(message => message.includes('PostMasterFailoverProcesses')), messages.join('\n'))

  // The old primary comes back, and takes writes until it is found: nobody is led to it.
  await primary.start()
  const seen = new Set<number>()
  for (let looked = 0; looked < 15; looked++) {
    seen.add(await behindBalancer())
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  assert.deepEqual([[...seen], told()], [[leader.port], all(leader.key)])

  const other = leader === one ? two : one
  const takeover = await api.former(`graceful-master-takeover-auto/${leader.key.replace(':', '/')}/${other.key.replace(':', '/')}`)
  assert.equal(takeover.Code, 'OK', takeover.Message)
  assert.deepEqual(told(), all(other.key))
  await until(behindBalancer, port => port === other.port)
  assert.ok(balancer.isRunning)
})
