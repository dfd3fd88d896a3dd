import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'

type Record_ = Readonly<Record<string, unknown>>

const host = '127.0.0.1'
const noRecovery = { RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: [], DetectClusterAliasQuery: '' }
const path = ({ key }: SandboxServer): string => key.replace(':', '/')
const keyOf = ({ host: Hostname, port: Port }: SandboxServer): object => ({ Hostname, Port })

async function withProgram(servers: readonly SandboxServer[], act: (api: Api) => Promise<void>): Promise<void> {
  using folder = temporaryFolder()
  const program = await startProgram(['--config', writeConfiguration(folder.path, noRecovery)])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  await using running = program
  const api = new Api(running.address)
  for (const server of servers) assert.equal((await api.former(`discover/${path(server)}`)).Code, 'OK')
  await act(api)
}

test('a replication group is one cluster below its primary; a member is not moved, and a replica of a member is', async () => {
  const groupPorts = [23_085, 23_086]
  const member = (index: number): readonly string[] => [
    '--plugin-load-add=group_replication.so', '--loose-group-replication-group-name=6e8e7c3a-0000-4000-8000-0000000000aa', '--loose-group-replication-start-on-boot=OFF',
    `--loose-group-replication-local-address=${host}:${groupPorts[index]}`, `--loose-group-replication-group-seeds=${groupPorts.map(port => `${host}:${port}`).join(',')}`,
    '--loose-group-replication-recovery-get-public-key=ON',
  ]
  await using sandbox = await Sandbox.start({
    servers: [{ name: 'first', port: 23_080, options: member(0) }, { name: 'second', port: 23_081, options: member(1) }, { name: 'replica', port: 23_082 }],
  })
  const [first, second, replica] = [sandbox.server('first'), sandbox.server('second'), sandbox.server('replica')]
  const { user, password } = accounts.replication
  await first.sql(`GRANT SELECT ON performance_schema.* TO '${accounts.orchestrator.user}'@'%'`)
  await first.sql('SET GLOBAL group_replication_bootstrap_group = ON')
  await first.sql(`START GROUP_REPLICATION USER = '${user}', PASSWORD = '${password}'`)
  await first.sql('SET GLOBAL group_replication_bootstrap_group = OFF')
  await second.sql(`START GROUP_REPLICATION USER = '${user}', PASSWORD = '${password}'`)
  await until(() => second.sql("SELECT 1 FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'"), rows => rows.length === 2, 30_000)
  await sandbox.replicate('replica', 'second')

  await withProgram([first], async api => {
    await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(first.key)}`), view => view.members?.length === 3)
    const [primary, secondary, below] = await Promise.all([first, second, replica].map(server => api.get<Record_>(`/api/instance/${path(server)}`)))
    assert.ok(primary !== undefined && secondary !== undefined && below !== undefined)
    const facts = (record: Record_): readonly unknown[] =>
      ['ReplicationGroupMemberRole', 'ReplicationGroupMemberState', 'ReplicationGroupIsSinglePrimary', 'ReplicationDepth', 'ClusterName', 'MasterKey', 'ReadOnly', 'Problems'].map(name => record[name])
    assert.deepEqual(facts(primary), ['PRIMARY', 'ONLINE', true, 0, first.key, { Hostname: '', Port: 0 }, false, []])
    assert.deepEqual(facts(secondary), ['SECONDARY', 'ONLINE', true, 1, first.key, { Hostname: '', Port: 0 }, true, []])
    assert.deepEqual([secondary['ReplicationGroupMembers'], secondary['ReplicationGroupPrimaryInstanceKey'], secondary['ReplicationSQLThreadState']], [[keyOf(first)], keyOf(first), -1])
    assert.equal(secondary['AncestryUUID'], [primary['ServerUUID'], primary['ReplicationGroupName'], secondary['ServerUUID'], secondary['ReplicationGroupName']].join(','))
    assert.deepEqual([below['ReplicationDepth'], below['MasterKey'], below['ClusterName']], [2, keyOf(second), first.key])
    assert.match(String((await api.former(`topology/${path(first)}`)).Details), new RegExp(`^[^\\n]*${first.port}.*\\n‡ ${second.key}.*\\n  \\+ ${replica.key}`))

    const refused = await api.former(`relocate/${path(second)}/${path(replica)}`)
    assert.match(refused.Message, new RegExp(`${second.key} is a secondary replication group member, hence, it cannot be relocated$`))
    const moved = await api.former(`relocate/${path(replica)}/${path(first)}`)
    assert.equal(moved.Message, `Instance ${replica.key} relocated below ${first.key}`)
    const [status] = await replica.sql('SHOW REPLICA STATUS')
    assert.deepEqual([status?.['Source_Port'], status?.['Replica_IO_Running'], status?.['Replica_SQL_Running']], [first.port, 'Yes', 'Yes'])

    // When the primary leaves, the other one is chosen by the group itself, and the records follow.
    await first.sql('STOP GROUP_REPLICATION')
    await until(() => api.get<Record_>(`/api/instance/${path(second)}`), record => record['ReplicationGroupMemberRole'] === 'PRIMARY' && record['ReadOnly'] === false)
    assert.deepEqual((await api.get<Record_>(`/api/instance/${path(second)}`))['ReplicationDepth'], 0)
  })
})

test('several channels are shown each, nothing of their replication is changed, and what touches none of it still works', async () => {
  await using sandbox = await Sandbox.start({ servers: ['one', 'two', 'both'].map((name, index) => ({ name, port: 23_090 + index })) })
  const [one, two, both] = [sandbox.server('one'), sandbox.server('two'), sandbox.server('both')]
  await sandbox.replicate('both', 'one')
  const { user, password } = accounts.replication
  await both.sql(`CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${host}', SOURCE_PORT = ${two.port}, SOURCE_USER = '${user}', SOURCE_PASSWORD = '${password}', SOURCE_SSL = 0, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_AUTO_POSITION = 1 FOR CHANNEL 'zz'`)
  await both.sql("START REPLICA FOR CHANNEL 'zz'")
  await until(() => both.sql('SHOW REPLICA STATUS'), rows => rows.every(row => row['Replica_IO_Running'] === 'Yes'))

  await withProgram([one, two, both], async api => {
    // The last channel counts for what the original shows; ours names all of them.
    assert.deepEqual((await api.get<Record_>(`/api/instance/${path(both)}`))['MasterKey'], keyOf(two))
    const cluster = await api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(both.key)}`)
    assert.deepEqual(cluster.members.find(({ key }) => key === both.key)?.channels?.map(({ name, source, receiver, applier, error }) => [name, source, receiver, applier, error]), [
      ['', one.key, 'running', 'running', null], ['zz', two.key, 'running', 'running', null],
    ])
    const before = JSON.stringify((await both.sql('SHOW REPLICA STATUS')).map(row => [row['Channel_Name'], row['Source_Port'], row['Replica_IO_Running'], row['Replica_SQL_Running']]))
    for (const route of [
      `relocate/${path(both)}/${path(one)}`, `stop-replica/${path(both)}`, `start-replica/${path(both)}`, `restart-replica/${path(both)}`, `stop-replica-nice/${path(both)}`, `reset-replica/${path(both)}`,
      `detach-replica/${path(both)}`, `delay-replication/${path(both)}/5`, `disable-gtid/${path(both)}`, `repoint/${path(both)}/${path(one)}`, `move-below-gtid/${path(both)}/${path(one)}`,
      `skip-query/${path(both)}`, `change-master-credentials/${path(both)}`,
    ]) {
      const { Code, Message } = await api.former(route)
      assert.deepEqual([route, Code], [route, 'ERROR'])
      assert.match(Message, /replicates over 2 channels/, `${route}: ${Message}`)
    }
    const after = JSON.stringify((await both.sql('SHOW REPLICA STATUS')).map(row => [row['Channel_Name'], row['Source_Port'], row['Replica_IO_Running'], row['Replica_SQL_Running']]))
    assert.equal(after, before)
    for (const route of [`set-read-only/${path(both)}`, `set-writeable/${path(both)}`, `flush-binary-logs/${path(both)}`]) assert.equal((await api.former(route)).Code, 'OK', route)
  })
})
