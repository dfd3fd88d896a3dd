import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { exists } from '../harness/sandbox/cache-folder.ts'
import { isAlive } from '../harness/sandbox/file-lock.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import { serverBinary } from '../harness/sandbox/server-binary.ts'

const run = promisify(execFile)
const path = (relative: string) => new URL(relative, import.meta.url).pathname
const holder = path('../harness/sandbox/holder.ts')

describe('four MySQL servers', () => {
  let sandbox: Sandbox
  let startedMillis = 0

  before(async () => {
    await serverBinary('mysql') // a first download is not part of the time
    const begun = performance.now()
    sandbox = await Sandbox.fourServers()
    startedMillis = performance.now() - begun
  })
  after(() => sandbox?.stop())

  test('they are up and replicating in under 20 seconds, each with its own identity', async () => {
    assert.ok(startedMillis < 20_000, `${startedMillis} ms`)
    const identities = await Promise.all(sandbox.servers.map(server => server.row<{ uuid: string; id: number }>('SELECT @@server_uuid AS uuid, @@server_id AS id')))
    assert.equal(new Set(identities.map(({ uuid }) => uuid)).size, 4)
    assert.equal(new Set(identities.map(({ id }) => id)).size, 4)
  })

  test('what is written to the primary reaches the sub-replica, and no replica has a transaction of its own', async () => {
    const primary = sandbox.server('primary')
    await primary.sql('CREATE DATABASE shop')
    await primary.sql('CREATE TABLE shop.orders (id INT PRIMARY KEY)')
    await primary.sql('INSERT INTO shop.orders VALUES (?), (?)', [1, 2])
    await sandbox.untilCaughtUp('replica-1', 'primary')
    await sandbox.untilCaughtUp('replica-2', 'primary')
    await sandbox.untilCaughtUp('sub-replica', 'replica-2')
    assert.deepEqual(await sandbox.server('sub-replica').sql('SELECT id FROM shop.orders ORDER BY id'), [{ id: 1 }, { id: 2 }])
    const { uuid } = await primary.row<{ uuid: string }>('SELECT @@server_uuid AS uuid')
    for (const server of sandbox.servers) assert.equal((await server.row('SELECT @@gtid_executed AS gtids'))['gtids'], `${uuid}:1-3`, server.name)
  })

  test('replicas are read-only and name their address to their source', async () => {
    assert.equal((await sandbox.server('replica-1').row('SELECT @@super_read_only AS value'))['value'], 1)
    const told = await sandbox.server('primary').sql<{ Host: string; Port: number }>('SHOW REPLICAS')
    const expected = ['replica-1', 'replica-2'].map(name => sandbox.server(name).key).toSorted()
    assert.deepEqual(told.map(row => `${row.Host}:${row.Port}`).toSorted(), expected)
  })

  test('the program’s user has exactly the grants of the original’s users, and its password travels over TLS', async () => {
    const primary = sandbox.server('primary')
    const grants = (await primary.sql(`SHOW GRANTS FOR 'orchestrator'@'%'`)).flatMap(row => Object.values(row))
    assert.deepEqual(grants, [
      'GRANT RELOAD, PROCESS, SUPER, REPLICATION SLAVE ON *.* TO `orchestrator`@`%`', 'GRANT SELECT ON `mysql`.`slave_master_info` TO `orchestrator`@`%`',
    ])
    const connection = await createConnection({ ...primary.connectionOptions, ssl: { rejectUnauthorized: false } })
    const [rows] = await connection.query(`SELECT CURRENT_USER() AS user,
      (SELECT VARIABLE_VALUE <> '' FROM performance_schema.session_status WHERE VARIABLE_NAME = 'Ssl_cipher') AS encrypted`)
    assert.deepEqual(rows, [{ user: 'orchestrator@%', encrypted: 1 }])
    await connection.end()
  })

  test('the semi-sync plugins can be loaded', async () => {
    const primary = sandbox.server('primary')
    await primary.sql(`INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'`)
    await primary.sql(`INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'`)
    assert.deepEqual(await primary.row('SELECT @@rpl_semi_sync_source_enabled AS source, @@rpl_semi_sync_replica_enabled AS replica'), { source: 0, replica: 0 })
  })

  test('a replica can be pointed elsewhere, over TLS with a checked certificate', async () => {
    await sandbox.replicate('sub-replica', 'replica-1', { tls: { verify: true }, heartbeatSeconds: 2, more: { SOURCE_DELAY: 0 } })
    const status = await sandbox.server('sub-replica').row('SHOW REPLICA STATUS')
    assert.equal(status['Source_Port'], sandbox.server('replica-1').port)
    assert.equal(status['Source_SSL_Allowed'], 'Yes')
  })

  test('a frozen server keeps its connections and answers none of them until it resumes', async () => {
    const server = sandbox.server('replica-1')
    const connection = await server.connect()
    server.freeze()
    const answered = connection.query('SELECT 1').then(() => 'answered')
    assert.equal(await Promise.race([answered, sleep(300, 'silent')]), 'silent')
    server.resume()
    assert.equal(await answered, 'answered')
    await connection.end()
  })

  test('a killed server leaves the port closed, and comes back with what was committed', async () => {
    const server = sandbox.server('primary')
    const { pid } = server
    await server.kill()
    assert.equal(server.pid, undefined)
    assert.ok(pid !== undefined && !isAlive(pid))
    await assert.rejects(createConnection(server.connectionOptions), { code: 'ECONNREFUSED' })
    await server.start()
    assert.deepEqual(await server.row('SELECT COUNT(*) AS orders FROM shop.orders'), { orders: 2 })
  })

  test('a wiped server is a new, empty one at the same address', async () => {
    const server = sandbox.server('replica-2')
    const { uuid } = await server.row<{ uuid: string }>('SELECT @@server_uuid AS uuid')
    await server.wipe()
    await server.start()
    const now = await server.row('SELECT @@server_uuid AS uuid, @@gtid_executed AS gtids, @@port AS port')
    assert.notEqual(now['uuid'], uuid)
    assert.equal(now['gtids'], '')
    assert.equal(now['port'], server.port)
  })

  test('a server that cannot start says why, from its own log', async () => {
    await assert.rejects(sandbox.add({ name: 'broken', options: ['--no-such-option=1'] }), /broken ended while it started:[^]*no-such-option/)
  })
})

test('two MariaDB servers replicate by GTID', async () => {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'a', flavour: 'mariadb' }, { name: 'b', flavour: 'mariadb' }] })
  await sandbox.replicate('b', 'a')
  await sandbox.server('a').sql('CREATE DATABASE shop')
  const deadline = Date.now() + 10_000
  const arrived = async () => (await sandbox.server('b').sql(`SHOW DATABASES LIKE 'shop'`)).length === 1
  while (!(await arrived()) && Date.now() < deadline) await sleep(20)
  assert.ok(await arrived())
  assert.match(String((await sandbox.server('a').row('SELECT VERSION() AS version'))['version']), /MariaDB/)
})

describe('nothing is left behind', () => {
  interface Held { folder: string; pids: number[] }

  async function hold(...words: string[]): Promise<{ child: ChildProcess; held: Held }> {
    const child = spawn(process.execPath, [holder, ...words], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    assert.ok(child.stdout)
    const [line] = await once(createInterface(child.stdout), 'line')
    const held: Held = JSON.parse(line)
    assert.ok(held.pids.length === 2 && held.pids.every(isAlive))
    return { child, held }
  }

  async function untilGone({ folder, pids }: Held): Promise<void> {
    const deadline = Date.now() + 10_000
    while (Date.now() < deadline && (pids.some(isAlive) || await exists(folder))) await sleep(20)
    assert.deepEqual(pids.filter(isAlive), [])
    assert.equal(await exists(folder), false)
  }

  test('when the process that holds the sandbox is killed, one of its servers being frozen', async () => {
    const { child, held } = await hold('hold', 'frozen')
    child.kill('SIGKILL')
    await untilGone(held)
  })

  test('when Ctrl-C reaches the whole group of processes', async () => {
    const { child, held } = await hold('hold')
    assert.ok(child.pid !== undefined)
    process.kill(-child.pid, 'SIGINT')
    await untilGone(held)
  })

  test('when the process ends without stopping the sandbox', async () => {
    const { child, held } = await hold()
    if (child.exitCode === null) await once(child, 'exit')
    assert.equal(child.exitCode, 0)
    await untilGone(held)
  })
})

describe('the server program', () => {
  const version = `const { serverBinary } = await import(${JSON.stringify(import.meta.resolve('../harness/sandbox/server-binary.ts'))})
    serverBinary('mysql').then(found => console.log(JSON.stringify(found)), error => console.log(error.message))`
  const ask = async (environment: Record<string, string>) =>
    (await run(process.execPath, ['--input-type=module', '-e', version], { env: { ...process.env, ...environment } })).stdout.trim()

  test('is the one that MYSQLD names, which runs a sandbox too', async () => {
    const own = await serverBinary('mysql')
    const folder = await mkdtemp(join(tmpdir(), 'orc-mysqld-'))
    try {
      await mkdir(join(folder, 'bin'))
      await symlink(own.share, join(folder, 'share'))
      const program = join(folder, 'bin', 'mysqld')
      await writeFile(program, `#!/bin/sh\nexec ${own.command.map(word => `'${word}'`).join(' ')} "$@"\n`)
      await chmod(program, 0o755)
      const found = JSON.parse(await ask({ MYSQLD: program }))
      assert.deepEqual(found.command, [program])
      assert.equal(found.version, own.version)
      const held = await run(process.execPath, [holder], { env: { ...process.env, MYSQLD: program, ORCHESTRATOR_CACHE: folder } })
      assert.equal(JSON.parse(held.stdout).pids.length, 2)
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 20 })
    }
  })

  test('is refused where MYSQLD names nothing, or another server', async () => {
    assert.match(await ask({ MYSQLD: '/nowhere/mysqld' }), /MYSQLD names \/nowhere\/mysqld, which does not exist/)
    assert.match(await ask({ MYSQLD: '/bin/false' }), /MYSQLD names \/bin\/false, which does not answer/)
  })

  test('is asked for by name on a system without Debian’s tools', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'orc-empty-'))
    try {
      const said = await ask({ MYSQLD: '', ORCHESTRATOR_CACHE: empty, PATH: dirname('/nowhere/x') })
      assert.match(said, /not Debian[^]*Install MySQL 8.0 or newer and set MYSQLD to the path of its mysqld/)
    } finally {
      await rm(empty, { recursive: true })
    }
  })
})
