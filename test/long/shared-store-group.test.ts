import assert from 'node:assert/strict'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { databaseStatements, Managers, onMysql } from '../harness/recorded/managers.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'
import { groupMembers, withReplicationGroup } from '../harness/sandbox/replication-group.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'

/** What a load balancer in front of the database does: it leads to one server, and to another when it is told so. */
class Balancer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #target: { readonly host: string; readonly port: number }

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target
    this.#server = createServer(client => {
      const server = connect(this.#target.port, this.#target.host)
      for (const [one, other] of [[client, server], [server, client]] as const) {
        this.#sockets.add(one)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          this.#sockets.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
  }

  static async before(target: { readonly host: string; readonly port: number }): Promise<Balancer> {
    const balancer = new Balancer(target)
    await new Promise<void>(resolve => balancer.#server.listen(0, '127.0.0.1', resolve))
    return balancer
  }

  get place(): { readonly host: string; readonly port: number } {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('it does not listen')
    return { host: '127.0.0.1', port: address.port }
  }

  leadTo(target: { readonly host: string; readonly port: number }): void {
    this.#target = target
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }
}

const primaryOf = async (servers: readonly SandboxServer[]): Promise<SandboxServer | null> => {
  for (const server of servers) {
    const { isPrimary } = await server.row<{ isPrimary: number }>("SELECT COUNT(*) AS isPrimary FROM performance_schema.replication_group_members WHERE MEMBER_ID = @@server_uuid AND MEMBER_ROLE = 'PRIMARY' AND MEMBER_STATE = 'ONLINE' AND @@super_read_only = 0")
    if (isPrimary > 0) return server
  }
  return null
}

test('processes on a replicated group of three databases go on when its primary is killed, with all that was decided', async () => {
  await withReplicationGroup({ options: ['--loose-group-replication-member-expel-timeout=0'] }, async sandbox => {
    const [first, ...rest] = groupMembers.map(name => sandbox.server(name))
    assert.ok(first !== undefined)
    for (const statement of databaseStatements) await first.sql(statement)
    await using balancer = await Balancer.before(first)
    using folder = temporaryFolder()
    await using managers = new Managers(folder.path, onMysql(balancer.place))
    await managers.start('one')
    await managers.start('two')
    await using watch = managers.watch()
    await watch.nextLeader(watch.now)
    assert.equal((await managers.api('two').former('begin-downtime/db9.example/3306/ann/disk/1h')).Code, 'OK')
    assert.equal((await managers.api('one').former('set-cluster-alias/db9.example:3306?alias=shop')).Code, 'OK')

    const killedAt = watch.now
    await first.kill()
    const silentAfter = await watch.silence(killedAt, 2000)
    const successor = await until(() => primaryOf(rest), found => found !== null, 60_000)
    assert.ok(successor !== null)
    const ledAt = watch.now
    balancer.leadTo(successor)
    const { milliseconds } = await watch.nextLeader(ledAt)
    if (process.env['LAB_VERBOSE']) console.log({ silentAfter, back: milliseconds })
    for (const statement of ["SELECT COUNT(*) AS rows_there FROM orchestrator.database_instance_downtime WHERE hostname = 'db9.example' AND downtime_active = 1", "SELECT COUNT(*) AS rows_there FROM orchestrator.cluster_alias_override WHERE alias = 'shop'"]) {
      assert.deepEqual(await successor.row(statement), { rows_there: 1 })
    }
    // What is asked of either is written to the new primary.
    await until(() => managers.api('two').former('end-downtime/db9.example/3306'), ({ Code }) => Code === 'OK', 20_000)
    await until(() => managers.api('one').former('begin-downtime/db8.example/3306/ann/disk/1h'), ({ Code }) => Code === 'OK', 20_000)
    assert.deepEqual(await successor.row("SELECT GROUP_CONCAT(hostname) AS hosts FROM orchestrator.database_instance_downtime WHERE downtime_active = 1"), { hosts: 'db8.example' })
    assert.deepEqual(watch.both, [], watch.story)
  })
})
