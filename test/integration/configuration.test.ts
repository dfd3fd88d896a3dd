import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'

async function running(folder: string, more: Readonly<Record<string, unknown>>): Promise<RunningProgram> {
  const started = await startProgram(['--config', writeConfiguration(folder, more)])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  return started
}

interface Reload {
  readonly changes: readonly { readonly key: string; readonly from: string; readonly before: unknown; readonly after: unknown }[]
}

test('a running program reads its configuration again by route and by signal, keeps it where the new one is wrong, and tells no secret', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, { RecoverMasterClusterFilters: ['one'], AuditToBackendDB: true })
  const api = new Api(program.address)
  const filters = async (): Promise<unknown> => ((await api.former('automated-recovery-filters')).Details as Record<string, unknown>)['RecoverMasterClusterFilters'] // an object by contract
  assert.deepEqual(await filters(), ['one'])

  writeConfiguration(folder.path, { RecoverMasterClusterFilters: ['two'], AuditToBackendDB: true, ListenAddress: '127.0.0.1:1', MySQLTopologyPassword: 'another-secret' })
  assert.deepEqual(await api.former('reload-configuration'), { Code: 'OK', Message: 'Config reloaded', Details: '' })
  assert.deepEqual(await filters(), ['two'])
  assert.match(program.log(), /the configuration was read again .*ListenAddress: .*\(at the next start\).*RecoverMasterClusterFilters: \[\\"one\\"\] → \[\\"two\\"\]/)

  const more = join(folder.path, 'more.json')
  writeFileSync(more, JSON.stringify({ RecoverMasterClusterFilters: ['three'] }))
  const inDetail = await api.post('/api/v2/operations/reload-configuration', { input: { config: more }, wait: true })
  assert.equal(inDetail.status, 200)
  const { changes } = (inDetail.body as { readonly output: Reload }).output // as the contract says
  assert.deepEqual(changes.find(({ key }) => key === 'RecoverMasterClusterFilters'), { key: 'RecoverMasterClusterFilters', before: ['two'], after: ['three'], from: 'now' })
  assert.equal(changes.find(({ key }) => key === 'ListenAddress')?.from, 'restart')
  assert.deepEqual(await api.former(`reload-configuration?config=${encodeURIComponent(join(folder.path, 'nosuch.json'))}`), { Code: 'OK', Message: 'Config reloaded', Details: join(folder.path, 'nosuch.json') })
  assert.deepEqual(await filters(), ['two'], 'a file that is not there changes nothing, and the first one counts again')

  writeFileSync(join(folder.path, 'orchestrator.conf.json'), '{ "RecoverMasterClusterFilters": ["four"],\n  "InstancePollSeconds": "often", "MySQLTopologyPassword": "third-secret" }')
  const refused = await api.former('reload-configuration')
  assert.equal(refused.Code, 'ERROR')
  assert.match(refused.Message, /The configuration stays as it was: .*orchestrator\.conf\.json:2:\d+: InstancePollSeconds: "often" is not a whole number/)
  assert.deepEqual(await filters(), ['two'])

  writeConfiguration(folder.path, { RecoverMasterClusterFilters: ['five'], AuditToBackendDB: true, ReadOnly: true })
  program.hangUp()
  await until(filters, now => JSON.stringify(now) === '["five"]', 15_000)
  assert.equal((await api.former('begin-downtime/db1/3306/o/r')).Message, 'Unauthorized', 'ReadOnly holds from the reload on')
  assert.equal((await api.former('reload-configuration')).Message, 'Unauthorized')
  const kinds = await api.get<readonly { readonly AuditType: string; readonly Message: string }[]>('/api/audit')
  const told = kinds.filter(({ AuditType }) => AuditType === 'reload-configuration').map(({ Message }) => Message)
  assert.equal(told.length, 5)
  assert.match(told[0] ?? '', /^by SIGHUP: .*ReadOnly: false → true/)
  for (const text of [program.log(), JSON.stringify(kinds), JSON.stringify(inDetail)]) assert.doesNotMatch(text, /another-secret|third-secret|Aa123456/)
})

test('headers are told without what lets somebody in, and a retired call is refused in its own words', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, {})
  const headers = await new Api(program.address, { authorization: 'Basic c2VjcmV0', 'x-forwarded-user': 'dba', 'x-from': 'proxy' }).get<Readonly<Record<string, readonly string[]>>>('/api/headers')
  assert.deepEqual([headers['Authorization'], headers['X-Forwarded-User'], headers['X-From']], [['********'], ['********'], ['proxy']])
  const retired = await fetch(`${program.address}/api/reload-cluster-alias`)
  assert.equal(retired.status, 500)
  assert.deepEqual(await retired.json(), { Code: 'ERROR', Message: 'This API call has been retired', Details: null })
})
