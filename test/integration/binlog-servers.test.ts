import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { ClusterView, PlanView } from '../../src/contract/views.ts'
import { FakeMaxscale } from '../harness/binlog-server/fake-maxscale.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Api, type Envelope, until } from '../harness/recorded/api.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'
import { acts, waitsForRead, withoutFetching } from '../harness/lab/logged-run.ts'

const host = '127.0.0.1'
const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const options = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']
/** What changes a server. How often is waited for what was read is found out on the way. */
const acting = /^(CHANGE |START |STOP |RESET )/i

/** Makes a real server replicate through a binlog server, from where its source is now. */
async function replicateThrough(replica: SandboxServer, through: { readonly port: number }, primary: SandboxServer): Promise<void> {
  const at = await primary.row('SHOW BINARY LOG STATUS')
  const { user, password } = accounts.replication
  await replica.sql(`CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${host}', SOURCE_PORT = ${through.port}, SOURCE_USER = '${user}', SOURCE_PASSWORD = '${password}', SOURCE_SSL = 0,`
    + ` GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1, SOURCE_LOG_FILE = '${String(at['File'])}', SOURCE_LOG_POS = ${String(at['Position'])}, SOURCE_AUTO_POSITION = 0`)
  await replica.sql('START REPLICA')
  await replica.sql('SET GLOBAL super_read_only = ON')
}

const sourceOf = async (server: SandboxServer): Promise<string> => {
  const [status] = await server.sql('SHOW REPLICA STATUS')
  return `${String(status?.['Source_Host'])}:${String(status?.['Source_Port'])}`
}

test('real replicas move up from a binlog server, below it, and from one to the other, under a writer that loses nothing; binlog servers are regrouped', async () => {
  const sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two'].map((name, index) => ({ name, port: 23_060 + index, options })) })
  const binlogServers: FakeMaxscale[] = []
  using folder = temporaryFolder()
  try {
    const [primary, one, two] = [sandbox.server('primary'), sandbox.server('one'), sandbox.server('two')]
    const [left, right] = [await FakeMaxscale.start({ host, port: 23_063, source: primary, serverId: 901 }), await FakeMaxscale.start({ host, port: 23_064, source: primary, serverId: 902 })]
    binlogServers.push(left, right)
    await replicateThrough(one, { port: 23_063 }, primary)
    await replicateThrough(two, { port: 23_060 }, primary)
    for (const server of sandbox.servers) await server.sql("SET GLOBAL log_output = 'TABLE'")
    const configuration = writeConfiguration(folder.path, { SkipMaxScaleCheck: false, RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: [] })
    const program = await startProgram(['--config', configuration])
    assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
    await using running = program
    await using writer = await Writer.start(primary, () => [primary])
    const api = new Api(running.address)
    const path = (key: string): string => key.replace(':', '/')

    // Found from the primary alone: it lists the binlog servers, and those list their replicas.
    await api.former(`discover/${path(primary.key)}`)
    await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(primary.key)}`), view => view.members?.length === 5)
    const record = await api.get<Readonly<Record<string, unknown>>>(`/api/instance/${path(left.key)}`)
    assert.deepEqual(
      ['Version', 'FlavorName', 'ReadOnly', 'Binlog_format', 'LogBinEnabled', 'LogReplicationUpdatesEnabled', 'ServerID', 'Uptime', 'ReplicationSQLThreadState'].map(name => record[name]),
      ['2.5.3-maxscale', 'MaxScale', true, 'INHERIT', true, true, 901, 0, 1],
    )
    assert.deepEqual([record['MasterKey'], record['Replicas']], [{ Hostname: host, Port: 23_060 }, [{ Hostname: host, Port: 23_061 }]])

    /** Shows the plan, does it over the former route, and compares what every server was told. */
    const act = async (name: string, input: Readonly<Record<string, string>>, route: string): Promise<{ readonly answer: Envelope; readonly plan: PlanView }> => {
      const plan = await api.plan(name, input)
      for (const server of sandbox.servers) await server.sql('SET GLOBAL general_log = ON')
      const since = await Promise.all(sandbox.servers.map(async server => String((await server.row('SELECT CAST(SYSDATE(6) AS CHAR) AS now'))['now'])))
      for (const server of binlogServers) server.heard.length = 0
      const answer = await api.former(route)
      assert.equal(answer.Code, 'OK', answer.Message)
      const logs = await Promise.all(sandbox.servers.map(async (server, index) => {
        await server.sql('SET GLOBAL general_log = OFF')
        const rows = await server.sql<{ argument: string }>("SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE user_host LIKE 'orchestrator[%' AND command_type = 'Query' AND event_time >= ? ORDER BY event_time", [since[index] ?? ''])
        // A poll that is logged between the statements of a fetch is none of them.
        return [server.key, withoutFetching(rows.map(({ argument }) => (argument.split(';\n')[0] ?? '').replace(/;$/, '')).filter(statement => acts.test(statement)))] as const
      }))
      for (const [key, heard] of [...logs, ...binlogServers.map(server => [server.key, server.heard] as const)]) {
        const shown = plan.steps.filter(({ server }) => server === key).flatMap(({ statements }) => statements).filter(statement => acting.test(statement) && !waitsForRead.test(statement))
        const told = heard.filter(statement => acting.test(statement) && !waitsForRead.test(statement))
        assert.equal(told.length, shown.length, `${name}: ${key} was told ${told.join(' | ')} and not ${shown.join(' | ')}`)
        for (const [index, statement] of shown.entries()) {
          const [head = '', tail = ''] = statement.split(/\{.*\}/)
          assert.ok(told[index]?.startsWith(head) === true && told[index].endsWith(tail), `${name}: ${String(told[index])} is not ${statement}`)
        }
      }
      return { answer, plan }
    }

    const up = await act('move-up', { instance: one.key }, `move-up/${path(one.key)}`)
    assert.deepEqual([up.answer.Message, up.plan.method, await sourceOf(one)], [`Instance ${one.key} moved up`, 'position', primary.key])
    assert.ok(up.plan.checks.some(({ code }) => code === 'method-same-log'))

    const below = await act('move-below', { instance: two.key, destination: left.key }, `move-below/${path(two.key)}/${path(left.key)}`)
    assert.deepEqual([below.answer.Message, await sourceOf(two)], [`Instance ${two.key} moved below ${left.key}`, left.key])

    const across = await act('relocate', { instance: two.key, destination: right.key }, `relocate/${path(two.key)}/${path(right.key)}`)
    assert.deepEqual([across.answer.Message, await sourceOf(two)], [`Instance ${two.key} relocated below ${right.key}`, right.key])

    // Across and out of the binlog server: in stages, over the server whose log it is.
    const out = await act('relocate', { instance: two.key, destination: one.key }, `relocate/${path(two.key)}/${path(one.key)}`)
    assert.deepEqual([out.answer.Message, await sourceOf(two)], [`Instance ${two.key} relocated below ${one.key}`, one.key])
    await act('move-up', { instance: two.key }, `move-up/${path(two.key)}`)

    const many = await act('relocate-replicas', { instance: primary.key, destination: right.key, pattern: '2306[12]$' }, `relocate-replicas/${path(primary.key)}/${path(right.key)}?pattern=2306[12]$`)
    assert.match(many.answer.Message, new RegExp(`^Relocated 2 replicas of ${primary.key} below ${right.key}; 0 errors`))
    assert.deepEqual([await sourceOf(one), await sourceOf(two)], [right.key, right.key])

    const regroup = await act('regroup-replicas-bls', { instance: primary.key }, `regroup-replicas-bls/${path(primary.key)}`)
    assert.deepEqual([regroup.answer.Message, regroup.answer.Details, right.source], [`promoted binlog server: ${left.key}`, { Hostname: host, Port: 23_063 }, left.key])
    // Who is replicating through two binlog servers now still gets everything; and both go up again, all of it at once.
    await act('move-up', { instance: right.key }, `move-up/${path(right.key)}`)
    assert.equal(right.source, primary.key)
    // Not waited for in one piece: the binlog servers live in this process.
    const { stdout } = await promisify(execFile)(process.execPath, [main, '--config', configuration, '-c', 'repoint', '-i', one.key, '-d', left.key], { env: { ...process.env, ORCHESTRATOR_API: `${running.address}/api` } })
    assert.equal(stdout, `${one.key}<${left.key}\n`)

    const none = await api.former(`regroup-replicas-bls/${path(one.key)}`)
    assert.deepEqual([none.Code, none.Message], ['ERROR', `no binlog server found among the replicas of ${one.key}`])
    const byHand = await api.former(`relocate/${path(left.key)}/${path(one.key)}`)
    assert.match(byHand.Message, /is a descendant of|turns to be too complex; please do it manually$/)

    assert.deepEqual([left.refused, right.refused], [[], []], 'nothing was asked that a binlog router does not know')
    await writer.stop()
    for (const replica of [one, two]) await until(() => writer.missingOn(replica), missing => missing === 0)
    assert.ok(writer.acknowledged.length > 0)
  } finally {
    for (const server of binlogServers) await server.stop()
    await sandbox.stop()
  }
})
