import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Api } from '../harness/recorded/api.ts'
import { golden } from '../harness/recorded/recorded-topology.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'

async function running(folder: string, more: Readonly<Record<string, unknown>>, args: readonly string[] = []): Promise<RunningProgram> {
  const started = await startProgram(['--config', writeConfiguration(folder, more), ...args])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  return started
}

const basic = (pair: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })

test('with basic authentication nothing is answered without the configured pair', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, { AuthenticationMethod: 'basic', HTTPAuthUser: 'dba_team', HTTPAuthPassword: 'time_for_dinner', PowerAuthUsers: ['*'], AuthUserHeader: '' })
  for (const path of ['/api/clusters', '/web/clusters', '/', '/api/nosuch', '/api/lb-check', '/api/v2/me', '/api/v2/events']) {
    for (const headers of [{}, basic('dba_team:wrong'), basic('readonly:x')] as Record<string, string>[]) {
      const refused = await fetch(program.address + path, { headers, redirect: 'manual' })
      assert.equal(refused.status, 401, path)
      assert.equal(refused.headers.get('www-authenticate'), 'Basic realm="Authorization Required"')
      assert.equal(await refused.text(), golden('auth/basic-no-credentials.txt').trimEnd() + '\n')
    }
  }
  const head = await fetch(`${program.address}/api`, { method: 'HEAD' })
  assert.deepEqual([head.status, head.statusText], [401, 'Unauthorized'])
  const me = await new Api(program.address, basic('dba_team:time_for_dinner')).get<{ user: string; mayWrite: boolean }>('/api/v2/me')
  assert.deepEqual([me.user, me.mayWrite], ['dba_team', true])
  const begun = await new Api(program.address, basic('dba_team:time_for_dinner')).former('begin-downtime/db1/3306/o/r')
  assert.equal(begun.Code, 'OK')
})

test('behind a proxy only power users change anything, and the page is told why', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, { AuthenticationMethod: 'proxy', AuthUserHeader: 'X-Forwarded-User', PowerAuthUsers: ['wallace'] })
  const [wallace, shaun] = [new Api(program.address, { 'x-forwarded-user': 'wallace' }), new Api(program.address, { 'x-forwarded-user': 'shaun' })]
  assert.deepEqual(await shaun.former('disable-global-recoveries'), JSON.parse(golden('auth/unauthorized.json')))
  const me = await shaun.get<{ mayWrite: boolean; reason: { code: string } }>('/api/v2/me')
  assert.deepEqual([me.mayWrite, me.reason.code], [false, 'not-in-power-users'])
  const refused = await shaun.post('/api/v2/operations/disable-global-recoveries', {})
  assert.equal(refused.status, 403)
  assert.equal((await shaun.former('check-global-recoveries')).Details, 'enabled')
  assert.equal((await wallace.former('disable-global-recoveries')).Code, 'OK')
  const status = await shaun.get<{ recoveries: { enabled: boolean; by: string } }>('/api/v2/me')
  assert.deepEqual([status.recoveries.enabled, status.recoveries.by], [false, 'wallace'])
})

test('a service that is read-only refuses every change, whoever asks', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, { ReadOnly: true })
  const api = new Api(program.address)
  for (const path of ['disable-global-recoveries', 'discover/127.0.0.1/1', 'forget/db1/3306', 'begin-downtime/db1/3306/o/r', 'ack-all-recoveries?comment=x']) {
    assert.deepEqual(await api.former(path), JSON.parse(golden('auth/unauthorized.json')), path)
  }
})

test('with a prefix everything lies below it, the status check of its own address does not', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, { URLPrefix: '/orc/', StatusEndpoint: '/healthz' })
  const { origin } = new URL(program.address)
  const asked = (path: string): Promise<Response> => fetch(origin + path, { redirect: 'manual' })
  assert.equal((await asked('/api/clusters')).status, 404)
  assert.equal((await asked('/orc/api/clusters')).status, 200)
  assert.equal((await asked('/orc')).headers.get('location'), '/orc/')
  assert.equal((await asked('/orc/')).headers.get('location'), '/orc/web/clusters')
  assert.equal((await asked('/healthz')).status, 200)
  assert.equal((await asked('/orc/api/status')).status, 404)
  assert.equal((await asked('/orcapi/clusters')).status, 404)
})

test('the web page is served under every address of its own, with assets that may be kept and a base that names the prefix', async () => {
  assert.ok(existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html')), 'the page is not built: npm run build')
  using folder = temporaryFolder()
  await using program = await running(folder.path, { URLPrefix: '/orc' })
  for (const path of ['/web/clusters', '/web/cluster/db1:3306', '/web/audit-recovery/uid/1:a']) {
    const page = await fetch(program.address + path)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
    const text = await page.text()
    assert.match(text, /<base href="\/orc\/web\/"/)
    const script = /<script type="module"[^>]* src="\.\/(assets\/[^"]+)"/.exec(text)?.[1]
    assert.ok(script, text)
    const asset = await fetch(`${program.address}/web/${script}`)
    assert.equal(asset.status, 200)
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
  }
  assert.equal((await fetch(`${program.address}/web/assets/nosuch.js`)).status, 404)
  assert.equal((await fetch(`${program.address}/web/..%2f..%2fpackage.json`)).headers.get('content-type')?.startsWith('text/html'), true, 'an address cannot name a file that is not of the page')
})

test('what was decided is there again after a restart', async () => {
  using folder = temporaryFolder()
  {
    await using program = await running(folder.path, {})
    const api = new Api(program.address)
    await api.former('disable-global-recoveries')
  }
  await using again = await running(folder.path, {})
  assert.equal((await new Api(again.address).former('check-global-recoveries')).Details, 'disabled')
})

test('a service that only serves does not stand for election', async () => {
  using folder = temporaryFolder()
  await using program = await running(folder.path, {}, ['-discovery=false'])
  const check = await fetch(`${program.address}/api/leader-check/503`)
  assert.deepEqual([check.status, await check.text()], [503, '"Not leader"'])
})

test('an address that cannot be listened on, or cannot be read, ends the start with a sentence', () => {
  using folder = temporaryFolder()
  const unreadable = runProgram(['--config', writeConfiguration(folder.path, { ListenAddress: 'nonsense' }), 'http'])
  assert.equal(unreadable.status, 1)
  assert.match(unreadable.stderr, /FATAL .*ListenAddress.*nonsense/)
  const multi = runProgram(['--config', writeConfiguration(folder.path, { AuthenticationMethod: 'multi' }), 'http'])
  assert.match(multi.stderr, /FATAL .*HTTPAuthUser/)
  const folderMissing = runProgram(['--config', writeConfiguration(folder.path, { SQLite3DataFile: join(folder.path, 'none', 'x.sqlite3') }), 'http'])
  assert.equal(folderMissing.status, 1)
  assert.match(folderMissing.stderr, /FATAL .*none/)
})

test('a unix socket that a killed program left behind is no obstacle', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'orc.sock')
  const { createServer } = await import('node:net')
  const { spawnSync } = await import('node:child_process')
  // A process that is killed leaves its socket behind.
  spawnSync(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`])
  assert.ok(existsSync(path))
  await using program = await running(folder.path, { ListenSocket: path })
  assert.equal(program.address, path)
  await program.stop()
  assert.ok(!existsSync(path))
  const busy = createServer().listen(path)
  await new Promise(resolve => busy.once('listening', resolve))
  const refused = await startProgram(['--config', writeConfiguration(folder.path, { ListenSocket: path })])
  busy.close()
  assert.ok(!isRunning(refused))
  assert.match(refused.stderr, /FATAL Cannot listen on .*orc\.sock: the address is in use/)
})
