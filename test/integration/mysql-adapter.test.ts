import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareInstance } from '../../src/model/topology/fresh-instance.ts'
import type { Instance, ServerFailure } from '../../src/model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Step } from '../../src/model/planning/step.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'
import { asInstance, facts, startServers } from './discovery-rig.ts'

const full = { depth: 'full', deadlineMilliseconds: 5_000 } as const
const quick = { depth: 'replication', deadlineMilliseconds: 5_000 } as const
const none = { deadlineMilliseconds: 5_000, bindings: new Map<string, string>() }

const failureOf = async (answer: Promise<{ ok: boolean; failure?: { failure: ServerFailure } }>): Promise<ServerFailure> => {
  const { failure } = await answer
  assert.ok(failure, 'the probe went well')
  return failure.failure
}

/** Statements that reached a server from our account while `act` ran, without those of this count. */
async function statementsDuring(server: SandboxServer, act: () => Promise<unknown>): Promise<string[]> {
  await server.sql("SET GLOBAL log_output = 'TABLE'")
  await server.sql('TRUNCATE mysql.general_log')
  await server.sql('SET GLOBAL general_log = ON')
  await act()
  await server.sql('SET GLOBAL general_log = OFF')
  const rows = await server.sql<{ command_type: string; argument: string }>(
    "SELECT command_type, CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE user_host LIKE 'orchestrator[%' ORDER BY event_time",
  )
  return rows.map(row => `${row.command_type}: ${row.argument}`)
}

describe('reading real MySQL servers', () => {
  let sandbox: Sandbox
  let primary: SandboxServer
  let replica: SandboxServer
  before(async () => {
    sandbox = await Sandbox.start({ servers: [{ name: 'primary' }, { name: 'replica' }] })
    primary = sandbox.server('primary')
    replica = sandbox.server('replica')
    await sandbox.replicate('replica', 'primary')
  })
  after(() => sandbox?.stop())

  test('with exactly the grants that the original asked for, everything a replica tells is read', async context => {
    await primary.sql('CREATE DATABASE IF NOT EXISTS shop')
    await replica.sql(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${(await primary.row<{ s: string }>('SELECT @@gtid_executed AS s')).s}', 10)`)
    const servers = startServers(context)
    const read = facts(await servers.probe(replica.key, full))
    assert.equal(read.key, replica.key)
    assert.equal(read.version.flavour, 'MySQL')
    assert.ok(read.version.major >= 8)
    assert.equal(read.gtidMode, 'ON')
    assert.equal(read.logBin, true)
    assert.equal(read.logReplicaUpdates, true)
    assert.equal(read.binlogFormat, 'ROW')
    assert.equal(read.serverUuid, (await replica.row<{ u: string }>('SELECT @@server_uuid AS u')).u)
    assert.equal(read.executedGtidSet, (await replica.row<{ s: string }>('SELECT @@gtid_executed AS s')).s)
    assert.notEqual(read.binlogCoordinates, null)
    assert.ok(read.uptimeSeconds < 300)
    assert.equal(read.replicationCredentialsAvailable, true)
    const { replication } = read
    assert.ok(replication)
    assert.equal(replication.source, primary.key)
    assert.equal(replication.user, 'repl')
    assert.equal(replication.receiver, 'running')
    assert.equal(replication.applier, 'running')
    assert.equal(replication.gtid, 'mysql')
    assert.equal(replication.sourceUuid, (await primary.row<{ u: string }>('SELECT @@server_uuid AS u')).u)
    // Whole seconds of two clocks: what was applied within a second may be one of them late.
    assert.ok(replication.secondsBehindSource === 0 || replication.secondsBehindSource === 1, String(replication.secondsBehindSource))
    assert.equal(read.channels.length, 1)
    assert.ok(replication.options.heartbeatPeriodSeconds !== null && replication.options.heartbeatPeriodSeconds > 0)
    assert.equal(replication.lastHeardAt, null) // the one fact that needs another grant, and that grant is named
    assert.equal(read.probeWay?.way, 'status')
    assert.ok(read.probeWay?.missingGrants.some(grant => grant.startsWith('GRANT SELECT ON performance_schema.replication_connection_status TO ')))
  })

  test('replicas are named by SHOW REPLICAS, or by the process list when so configured', async context => {
    const listed = facts(await startServers(context, { discoverByShowReplicas: true }).probe(primary.key, full))
    assert.deepEqual(listed.listedReplicas, [replica.key])
    const connected = facts(await startServers(context, { discoverByShowReplicas: false }).probe(primary.key, full))
    assert.deepEqual(connected.listedReplicas, [instanceKey('127.0.0.1', primary.port)]) // the process list has no port: the source's own is assumed
  })

  test('a poll is one round trip and prepares nothing, a quick probe is two statements', async context => {
    const servers = startServers(context)
    facts(await servers.probe(replica.key, full))
    const polled = await statementsDuring(replica, () => servers.probe(replica.key, full))
    // One packet with several statements is one entry "Query" per statement in the general log; there is no prepare, no ping, no USE.
    assert.deepEqual(polled.map(line => line.replace(';', '').split(' ').slice(0, 4).join(' ')), [
      'Query: SELECT @@global.version AS', 'Query: SHOW REPLICA STATUS', 'Query: SHOW BINARY LOG', 'Query: SHOW REPLICAS', 'Query: SELECT user, SUBSTRING_INDEX(host,',
    ])
    const probed = await statementsDuring(replica, () => servers.probe(replica.key, quick))
    assert.equal(probed.length, 2)
  })

  test('a poll waits for the server once: bytes go to it in one packet', async context => {
    const { port, count, close } = await countingProxy(primary.port)
    context.after(close)
    const servers = startServers(context)
    const key = instanceKey('127.0.0.1', port)
    facts(await servers.probe(key, full))
    const before = count()
    facts(await servers.probe(key, full))
    assert.equal(count() - before, 1)
    facts(await servers.probe(key, quick))
    assert.equal(count() - before, 2)
  })

  test('twenty polls use one connection', async context => {
    const servers = startServers(context)
    for (let poll = 0; poll < 20; poll++) facts(await servers.probe(primary.key, full))
    const { n } = await primary.row<{ n: number }>("SELECT COUNT(*) AS n FROM performance_schema.processlist WHERE user = 'orchestrator'")
    assert.equal(Number(n), 1)
  })

  test('with SELECT on performance_schema the last heartbeat is known, and no grant is missing', async context => {
    await primary.sql("CREATE USER 'rich'@'%' IDENTIFIED BY 'Rich-pass-1'")
    await primary.sql("GRANT SUPER, PROCESS, REPLICATION SLAVE, RELOAD ON *.* TO 'rich'@'%'")
    await primary.sql("GRANT SELECT ON mysql.slave_master_info TO 'rich'@'%'")
    await primary.sql("GRANT SELECT ON performance_schema.* TO 'rich'@'%'")
    const { s } = await primary.row<{ s: string }>('SELECT @@gtid_executed AS s')
    await replica.sql(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${s}', 10)`)
    const read = facts(await startServers(context, { user: 'rich', password: 'Rich-pass-1' }).probe(replica.key, full))
    assert.equal(read.probeWay?.way, 'status-and-tables')
    assert.deepEqual(read.probeWay?.missingGrants, [])
    const { lastHeardAt } = read.replication ?? {}
    assert.ok(typeof lastHeardAt === 'number' && Math.abs(Date.now() - lastHeardAt) < 60_000, String(lastHeardAt))
  })

  test('a missing privilege is a failure that names the grant to give', async context => {
    await primary.sql("CREATE USER 'poor'@'%' IDENTIFIED BY 'Poor-pass-1'")
    const servers = startServers(context, { user: 'poor', password: 'Poor-pass-1' })
    const failure = await failureOf(servers.probe(primary.key, full))
    assert.equal(failure.kind, 'privilege-missing')
    assert.equal(failure.number, 1227)
    assert.equal(failure.grant, "GRANT REPLICATION CLIENT ON *.* TO 'poor'@'%'")
    await primary.sql(failure.grant)
    const read = facts(await servers.probe(primary.key, full))
    assert.ok(read.probeWay?.missingGrants.includes("GRANT REPLICATION SLAVE ON *.* TO 'poor'@'%'")) // listing is refused, the rest is read
  })

  test('a wrong password, a closed port, an unknown host and other strangers are each called by their name', async context => {
    const servers = startServers(context)
    const wrong = await failureOf(startServers(context, { password: 'not it' }).probe(primary.key, full))
    assert.deepEqual([wrong.kind, wrong.number], ['access-denied', 1045])
    assert.equal((await failureOf(servers.probe(instanceKey('127.0.0.1', 1), full))).kind, 'refused')
    assert.equal((await failureOf(servers.probe(instanceKey('no-such-host.invalid', 3306), full))).kind, 'name-unknown')

    const talker = await listen(createServer(socket => { socket.on('error', () => {}); socket.write('SSH-2.0-OpenSSH_9.2\r\n') }))
    const silent = await listen(createServer(socket => { socket.on('error', () => {}) }))
    const closing = await listen(createServer(socket => { socket.end() }))
    context.after(() => { for (const { server } of [talker, silent, closing]) server.close() })
    assert.equal((await failureOf(servers.probe(talker.key, full))).kind, 'not-mysql')
    assert.equal((await failureOf(servers.probe(closing.key, full))).kind, 'connection-lost')
    const begun = performance.now()
    assert.equal((await failureOf(servers.probe(silent.key, { ...full, deadlineMilliseconds: 300 }))).kind, 'timeout')
    assert.ok(performance.now() - begun < 600)
  })

  test('a server that hangs costs the deadline, and is read again when it goes on', async context => {
    const servers = startServers(context)
    facts(await servers.probe(replica.key, full))
    replica.freeze()
    try {
      const begun = performance.now()
      const failure = await failureOf(servers.probe(replica.key, { ...quick, deadlineMilliseconds: 400 }))
      assert.equal(failure.kind, 'timeout')
      assert.ok(performance.now() - begun < 700)
      // A new connection is accepted by the kernel and never answered.
      assert.equal((await failureOf(servers.probe(replica.key, { ...quick, deadlineMilliseconds: 400 }))).kind, 'timeout')
    } finally {
      replica.resume()
    }
    facts(await servers.probe(replica.key, full))
  })

  test('caching_sha2_password works over plaintext and over TLS on a server that never saw the account before', async context => {
    for (const [user, mutual] of [['fresh_plain', false], ['fresh_tls', true]] as const) {
      await primary.sql(`CREATE USER '${user}'@'%' IDENTIFIED WITH caching_sha2_password BY 'Fresh-pass-1'`)
      await primary.sql(`GRANT REPLICATION CLIENT ON *.* TO '${user}'@'%'`)
      const servers = startServers(context, { user, password: 'Fresh-pass-1', useMutualTls: mutual, skipVerify: true })
      facts(await servers.probe(primary.key, full))
      const rows = await primary.sql<{ VARIABLE_VALUE: string }>(
        `SELECT s.variable_value AS VARIABLE_VALUE FROM performance_schema.status_by_thread s JOIN performance_schema.threads t USING (thread_id)
         WHERE t.processlist_user = '${user}' AND s.variable_name = 'Ssl_cipher'`,
      )
      assert.equal(rows.length, 1)
      assert.equal(rows[0]?.VARIABLE_VALUE !== '', mutual)
    }
  })

  test('an account that demands TLS is tried plain once, then known to need it', async context => {
    await primary.sql("CREATE USER 'tls_only'@'%' IDENTIFIED BY 'Tls-pass-1' REQUIRE SSL")
    await primary.sql("GRANT REPLICATION CLIENT ON *.* TO 'tls_only'@'%'")
    const servers = startServers(context, { user: 'tls_only', password: 'Tls-pass-1', caFile: primary.certificateAuthority, skipVerify: true })
    facts(await servers.probe(primary.key, full))
    assert.equal((await failureOf(startServers(context, { user: 'tls_only', password: 'Tls-pass-1', useMixedTls: false }).probe(primary.key, full))).kind, 'access-denied')
  })

  test('a certificate that nobody vouches for is refused unless the settings say otherwise', async context => {
    const failure = await failureOf(startServers(context, { useMutualTls: true, skipVerify: false }).probe(primary.key, full))
    assert.equal(failure.kind, 'configuration')
  })

  test('configured queries are answered, and a broken one costs only its own answer', async context => {
    const servers = startServers(context, {
      clusterAliasQuery: "SELECT 'shop'", clusterDomainQuery: "SELECT 'db.example.com';", promotionRuleQuery: "SELECT 'prefer'", aliasQuery: 'SELECT nonsense FROM nowhere',
      dataCenterQuery: "SELECT 'dc1'", lagQuery: 'SELECT 7', environmentPattern: '^(\\d+)\\.', semiSyncPriorityQuery: 'SELECT 3',
    })
    const read = facts(await servers.probe(primary.key, full))
    assert.deepEqual(
      [read.detectedClusterAlias, read.detectedClusterDomain, read.detectedPromotionRule, read.alias, read.dataCenter, read.replicationLagSeconds, read.physicalEnvironment],
      ['shop', 'db.example.com', 'prefer', '', 'dc1', 7, '127'],
    )
  })

  test('semi-sync plugins are found by the names of their variables, and gone when they are unloaded', async context => {
    const servers = startServers(context)
    assert.equal(facts(await servers.probe(primary.key, full)).semiSync, null)
    await primary.sql("INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'")
    await primary.sql('SET GLOBAL rpl_semi_sync_source_enabled = ON, GLOBAL rpl_semi_sync_source_timeout = 18446744073709551615')
    servers.release(primary.key)
    const { semiSync } = facts(await servers.probe(primary.key, full))
    assert.deepEqual(semiSync && [semiSync.sourcePluginLoaded, semiSync.replicaPluginLoaded, semiSync.newNames, semiSync.sourceEnabled, semiSync.waitForReplicaCount], [true, false, true, true, 1])
    assert.ok((semiSync?.timeoutMilliseconds ?? 0n) > 2n ** 53n)
    await primary.sql('UNINSTALL PLUGIN rpl_semi_sync_source')
    assert.equal(facts(await servers.probe(primary.key, full)).semiSync, null)
  })

  test('@@report_host and @@hostname name a server when so configured', async context => {
    assert.equal(facts(await startServers(context, { hostnameFrom: '@@report_host' }).probe(instanceKey('localhost', primary.port), full)).key, primary.key)
    const { h } = await primary.row<{ h: string }>('SELECT @@hostname AS h')
    assert.equal(facts(await startServers(context, { hostnameFrom: '@@hostname' }).probe(primary.key, full)).key, instanceKey(h, primary.port))
  })

  test('each step does on the server what it says, and a secret is never shown', async context => {
    const servers = startServers(context)
    const know = async (key: InstanceKey): Promise<Instance> => asInstance(facts(await servers.probe(key, full)), bareInstance(key))
    const perform = async (step: Step, bindings = none.bindings): Promise<NonNullable<unknown>> => {
      const effect = await servers.perform(step, await know(step.on), { deadlineMilliseconds: 5_000, bindings })
      if (!effect.ok) throw new Error(`${step.do}: ${JSON.stringify(effect.failure)}`)
      return effect.value
    }
    const on = replica.key
    const stopped = await perform({ do: 'stop-receiver', on })
    const { executed } = (stopped as { receiverStopped: { executed: string } }).receiverStopped // as the port says for this step
    assert.ok(executed.length > 36)
    assert.equal((await know(on)).replication?.receiver, 'stopped')
    const read = await perform({ do: 'read-executed', on, as: 'all' })
    const { executedGtidSet } = read as { executedGtidSet: string } // likewise
    await perform({ do: 'wait-executed', on, what: { boundTo: 'all' }, timeoutMilliseconds: 2_000 }, new Map([['all', executedGtidSet]]))
    const late = await servers.perform(
      { do: 'wait-executed', on, what: { set: `${'a'.repeat(8)}-aaaa-aaaa-aaaa-${'a'.repeat(12)}:1` }, timeoutMilliseconds: 200 }, await know(on), none,
    )
    assert.equal(!late.ok && late.failure.kind, 'timeout')
    await perform({ do: 'change-source', on, to: instanceKey('127.0.0.2', primary.port), way: 'receiver-only' })
    assert.equal((await know(on)).replication?.source, instanceKey('127.0.0.2', primary.port))
    assert.equal((await know(on)).replication?.gtid, 'mysql')
    await perform({ do: 'stop-replication', on })
    await perform({ do: 'change-source', on, to: primary.key, way: 'auto-position' })
    await perform({ do: 'start-replication', on })
    await sandbox.untilReplicating('replica')
    await perform({ do: 'set-read-only', on, alsoSuper: true })
    assert.deepEqual([(await know(on)).readOnly, (await know(on)).superReadOnly], [true, true])
    await perform({ do: 'set-writable', on })
    assert.deepEqual([(await know(on)).readOnly, (await know(on)).superReadOnly], [false, false])
    const copied = await servers.perform({ do: 'copy-replication-credentials', on: primary.key, like: on }, await know(primary.key), none)
    assert.ok(copied.ok, JSON.stringify(copied))
    assert.ok(!JSON.stringify(copied.value.statements).includes('Repl-pass-1'))
    assert.match(copied.value.statements.join(), /SOURCE_USER = 'repl', SOURCE_PASSWORD = '\*+'/)
    assert.equal((await know(primary.key)).replication, null) // an account alone is no source
    await perform({ do: 'forget-source', on })
    assert.equal((await know(on)).replication, null)
    await perform({ do: 'copy-replication-credentials', on, like: primary.key })
    await perform({ do: 'change-source', on, to: primary.key, way: 'auto-position' })
    await perform({ do: 'start-replication', on })
    await sandbox.untilReplicating('replica')
    await perform({ do: 'forget-source', on: primary.key })
  })

  test('a connection that somebody killed is an event, and says nothing against the server', async context => {
    const servers = startServers(context)
    facts(await servers.probe(replica.key, full))
    const lost: InstanceKey[] = []
    servers.onConnectionLost(key => void lost.push(key))
    const rows = await replica.sql<{ id: number }>("SELECT id FROM performance_schema.processlist WHERE user = 'orchestrator'")
    const probing = Promise.all(rows.map(({ id }) => replica.sql(`KILL ${id}`)))
    for (let probe = 0; probe < 5; probe++) facts(await servers.probe(replica.key, quick))
    await probing
    facts(await servers.probe(replica.key, quick))
    assert.deepEqual(lost, [replica.key])
  })

  test('a step that is refused says what the server said', async context => {
    const servers = startServers(context)
    const instance = asInstance(facts(await servers.probe(replica.key, full)), bareInstance(replica.key))
    const refused = await servers.perform({ do: 'change-source', on: replica.key, to: primary.key, way: 'auto-position' }, instance, none)
    assert.ok(!refused.ok)
    assert.deepEqual([refused.failure.kind, refused.failure.number], ['statement-rejected', 3081])
  })

  test('a replica that is started up to a place gives up when its applier fails on the way, and says at what', async context => {
    const servers = startServers(context)
    const on = replica.key
    const know = async (key: InstanceKey): Promise<Instance> => asInstance(facts(await servers.probe(key, full)), bareInstance(key))
    await primary.sql('CREATE DATABASE upto')
    await primary.sql('CREATE TABLE upto.t (id INT PRIMARY KEY)')
    await sandbox.untilCaughtUp('replica', 'primary')
    await replica.sql('STOP REPLICA')
    const apart = await replica.connect()
    await apart.query('SET sql_log_bin = 0')
    await apart.query('INSERT INTO upto.t VALUES (1)')
    await primary.sql('INSERT INTO upto.t VALUES (1)')
    const at = (await know(primary.key)).binlogCoordinates
    assert.ok(at !== null)
    const step: Step = { do: 'start-until', on, upTo: { boundTo: 'end' }, timeoutMilliseconds: 60_000 }
    const from = performance.now()
    const effect = await servers.perform(step, await know(on), { deadlineMilliseconds: 70_000, bindings: new Map([['end', `${at.file}:${at.position}`]]) })
    assert.ok(!effect.ok, 'it cannot come there')
    assert.ok(performance.now() - from < 55_000, 'it does not wait for the end of its time')
    assert.deepEqual([(await know(on)).replication?.receiver, (await know(on)).replication?.applier], ['stopped', 'stopped'])
    assert.equal((await know(on)).replication?.applierError.number, 1062)
    await apart.query('DELETE FROM upto.t')
    await apart.end()
    await replica.sql('START REPLICA')
    await sandbox.untilCaughtUp('replica', 'primary')
  })

  test('a statement longer than MySQLTopologyMaxAllowedPacket is not sent, and the failure names the setting and the length', async context => {
    const servers = startServers(context, { maxAllowedPacket: 20_000 })
    const instance = asInstance(facts(await servers.probe(replica.key, full)), bareInstance(replica.key))
    const many = Array.from({ length: 6000 }, (_, index) => `${3 * index + 1}`).join(':')
    const wait = { do: 'wait-executed', on: replica.key, what: { set: `aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa:${many}` }, timeoutMilliseconds: 10 } as const
    const sent = await statementsDuring(replica, async () => {
      const refused = await servers.perform(wait, instance, none)
      assert.ok(!refused.ok)
      assert.match(refused.failure.text, /^a packet of \d{5} bytes is too long to be sent: MySQLTopologyMaxAllowedPacket is 20000$/)
    })
    assert.deepEqual(sent.filter(line => line.includes('WAIT_FOR')), [])
  })

  test('the end of a server is an event at once', async context => {
    const extra = await sandbox.add({ name: 'short-lived' })
    const servers = startServers(context)
    facts(await servers.probe(extra.key, full))
    const lost: { key: InstanceKey; failure: ServerFailure; at: number }[] = []
    servers.onConnectionLost((key, failure) => void lost.push({ key, failure, at: performance.now() }))
    const killedAt = performance.now()
    process.kill(extra.pid ?? 0, 'SIGKILL')
    while (lost.length === 0 && performance.now() - killedAt < 3_000) await sleep(1)
    assert.equal(lost.length, 1)
    assert.deepEqual([lost[0]?.key, lost[0]?.failure.kind], [extra.key, 'connection-lost'])
    assert.ok((lost[0]?.at ?? Infinity) - killedAt < 1_000, `${(lost[0]?.at ?? 0) - killedAt} ms`)
    // While the kernel takes the process apart it may still accept and then reset.
    assert.ok(['refused', 'connection-lost'].includes((await failureOf(servers.probe(extra.key, quick))).kind))
    await extra.kill()
    assert.equal((await failureOf(servers.probe(extra.key, quick))).kind, 'refused')
    servers.release(extra.key)
    assert.equal(lost.length, 1)
  })
})

describe('reading real MariaDB servers', () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await Sandbox.start({ servers: [{ name: 'primary', flavour: 'mariadb' }, { name: 'replica', flavour: 'mariadb' }] })
    await sandbox.replicate('replica', 'primary')
  })
  after(() => sandbox?.stop())

  test('a pair tells its GTID positions, its channel and its replicas', async context => {
    const servers = startServers(context)
    const primary = facts(await servers.probe(sandbox.server('primary').key, full))
    const replica = facts(await servers.probe(sandbox.server('replica').key, full))
    assert.equal(primary.version.flavour, 'MariaDB')
    assert.deepEqual([primary.serverUuid, primary.executedGtidSet, primary.gtidMode], ['', '', ''])
    assert.notEqual(primary.mariadbGtid, null)
    assert.equal(primary.mariadbGtid?.strictMode, true)
    assert.deepEqual(primary.listedReplicas, [replica.key])
    assert.equal(replica.replication?.source, primary.key)
    assert.ok(replica.replication?.gtid.startsWith('mariadb-'))
    assert.deepEqual([replica.replication?.receiver, replica.replication?.applier, replica.replication?.sourceUuid], ['running', 'running', ''])
    assert.equal(primary.semiSync?.sourcePluginLoaded, true)
    assert.notEqual(primary.binlogCoordinates, null)
  })

  test('a poll is one round trip', async context => {
    const { port, count, close } = await countingProxy(sandbox.server('replica').port)
    context.after(close)
    const servers = startServers(context)
    const key = instanceKey('127.0.0.1', port)
    facts(await servers.probe(key, full))
    facts(await servers.probe(key, full))
    const before = count()
    facts(await servers.probe(key, full))
    assert.equal(count() - before, 1)
  })

  test('its steps are its own words', async context => {
    const servers = startServers(context)
    const { key } = sandbox.server('replica')
    const know = async (): Promise<Instance> => asInstance(facts(await servers.probe(key, full)), bareInstance(key))
    const steps: readonly Step[] = [
      { do: 'stop-receiver', on: key }, { do: 'start-receiver', on: key }, { do: 'stop-replication', on: key },
      { do: 'change-source', on: key, to: sandbox.server('primary').key, way: 'slave-pos' }, { do: 'start-replication', on: key },
      { do: 'read-executed', on: key, as: 'x' }, { do: 'set-read-only', on: key, alsoSuper: true }, { do: 'set-writable', on: key },
    ]
    for (const step of steps) {
      const effect = await servers.perform(step, await know(), none)
      assert.ok(effect.ok, `${step.do}: ${JSON.stringify(effect)}`)
    }
    await sandbox.untilReplicating('replica')
    const wait = await servers.perform({ do: 'wait-executed', on: key, what: { set: (await know()).mariadbGtid?.slavePos ?? '' }, timeoutMilliseconds: 1_000 }, await know(), none)
    assert.ok(wait.ok, JSON.stringify(wait))
    assert.equal((await know()).replication?.gtid, 'mariadb-slave-pos')
  })
})

async function listen(server: Server): Promise<{ server: Server; key: InstanceKey }> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { server, key: instanceKey('127.0.0.1', address.port) }
}

/** Stands between us and a server and counts how often we send something after having received an answer: round trips. */
async function countingProxy(port: number): Promise<{ port: number; count: () => number; close: () => void }> {
  const { connect } = await import('node:net')
  let trips = 0
  const open = new Set<{ destroy(): void }>()
  const { server, key } = await listen(createServer(client => {
    const upstream = connect(port, '127.0.0.1')
    let isAnswered = true
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => { client.destroy(); upstream.destroy() })
    }
    client.on('data', chunk => {
      if (isAnswered) trips++
      isAnswered = false
      upstream.write(chunk)
    })
    upstream.on('data', chunk => {
      isAnswered = true
      client.write(chunk)
    })
  }))
  return { port: Number(key.split(':')[1]), count: () => trips, close: () => { server.close(); for (const socket of open) socket.destroy() } }
}
