import assert from 'node:assert/strict'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { parseGtidSet, subtractGtidSets, isEmptyGtidSet } from '../../src/model/topology/gtid-set.ts'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'
import { type Answer, MysqlModel } from './mysql-model.ts'
import { Network } from './network.ts'
import { VirtualClock } from './virtual-clock.ts'

const settleMilliseconds = 1500

/** The visible state of a replica: what failover decisions read. */
interface State {
  readonly source: string
  readonly receiver: string
  readonly applier: string
  readonly autoPosition: boolean
  readonly readOnly: boolean
  readonly rows: number
  readonly retrieved: boolean
}

/** A model and a server that are given the same commands. */
class Pair {
  readonly model: MysqlModel
  readonly real: SandboxServer

  constructor(model: MysqlModel, real: SandboxServer) {
    this.model = model
    this.real = real
  }

  async both(says: string, act: (model: MysqlModel) => Answer, sql: string): Promise<void> {
    const modelled = act(this.model)
    const answered = await this.real.sql(sql).then(() => 0, (error: { readonly errno?: number }) => error.errno ?? -1)
    assert.equal(modelled.ok ? 0 : modelled.number, answered, `${says}: model ${JSON.stringify(modelled)}, server ${answered}`)
  }

  async realState(): Promise<State> {
    const [status] = await this.real.sql<Record<string, unknown>>('SHOW REPLICA STATUS')
    const { ro, executed } = await this.real.row<{ ro: number; executed: string }>('SELECT @@read_only AS ro, @@gtid_executed AS executed')
    const [{ rows } = { rows: 0 }] = await this.real.sql<{ rows: number }>('SELECT COUNT(*) AS `rows` FROM modelled.t').catch(() => [{ rows: 0 }])
    const lacks = (set: unknown): boolean => {
      const [left, right] = [parseGtidSet(String(set ?? '').replaceAll(/\s+/g, '')), parseGtidSet(executed.replaceAll(/\s+/g, ''))]
      return left.ok && right.ok && !isEmptyGtidSet(subtractGtidSets(left.value, right.value))
    }
    const thread = (value: unknown): string => (value === 'Yes' ? 'running' : value === 'No' ? 'stopped' : 'connecting')
    return {
      source: status === undefined ? '' : `${String(status['Source_Host'])}:${String(status['Source_Port'])}`,
      receiver: status === undefined ? 'stopped' : thread(status['Replica_IO_Running']), applier: status === undefined ? 'stopped' : thread(status['Replica_SQL_Running']),
      autoPosition: status?.['Auto_Position'] === 1 || status?.['Auto_Position'] === '1', readOnly: Number(ro) === 1, rows: Number(rows), retrieved: lacks(status?.['Retrieved_Gtid_Set']),
    }
  }

  modelState(): State {
    const { channel, readOnly, rows, executed } = this.model
    return {
      source: channel.source ?? '', receiver: channel.receiver, applier: channel.applier, autoPosition: channel.autoPosition, readOnly, rows: rows.size,
      retrieved: !channel.retrieved.isWithin(executed),
    }
  }
}

export interface CompareWish {
  readonly seeds: readonly number[]
  /** Of each seed. */
  readonly commands: number
  onSeed?(seed: number): void
}

/** Gives the same random commands to a model and to real servers, and rejects with what they disagree about; answers how often each was given. */
export async function compareModel({ seeds, commands: commandsMax, onSeed }: CompareWish): Promise<ReadonlyMap<string, number>> {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'primary' }, { name: 'replica' }, { name: 'other' }] })
  const clock = new VirtualClock()
  let draw = seededRandom(seeds[0] ?? 1)
  const random = (): number => draw()
  const network = new Network(random)
  const models = new Map<InstanceKey, MysqlModel>()
  const pairOf = async (name: string): Promise<Pair> => {
    const real = sandbox.server(name)
    const { uuid } = await real.row<{ uuid: string }>('SELECT @@server_uuid AS uuid')
    const options = { connectRetrySeconds: 1, retryCount: 100, heartbeatSeconds: 1, tls: false }
    const model = new MysqlModel(instanceKey(real.host, real.port), uuid, { readOnly: false, semiSync: false, relayLogRecovery: false, netTimeoutMilliseconds: 60_000, tellsWhenHeard: true }, options, { clock, network, random, find: key => models.get(key) })
    models.set(model.key, model)
    return new Pair(model, real)
  }
  const [primary, replica, other] = [await pairOf('primary'), await pairOf('replica'), await pairOf('other')]
  await sandbox.replicate('replica', 'primary')
  await sandbox.replicate('other', 'primary')
  for (const { model } of [replica, other]) {
    model.changeSource(primary.model.key, { namesAutoPosition: true })
    model.startReceiver()
    model.startApplier()
  }
  await primary.real.sql('CREATE DATABASE modelled')
  await primary.real.sql('CREATE TABLE modelled.t (id INT PRIMARY KEY)')
  let row = 0
  const change = (to: Pair, namesAutoPosition: boolean) => {
    const sql = `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${to.real.host}', SOURCE_PORT = ${to.real.port}${namesAutoPosition ? ', SOURCE_AUTO_POSITION = 1' : ''}`
    return (model: MysqlModel, at: Pair) => at.both(sql, () => model.changeSource(to.model.key, { namesAutoPosition }), sql)
  }
  const commands: readonly (readonly [string, () => Promise<void>])[] = [
    ['stop receiver', () => replica.both('stop receiver', model => model.stopReceiver(), 'STOP REPLICA IO_THREAD')],
    ['start receiver', () => replica.both('start receiver', model => model.startReceiver(), 'START REPLICA IO_THREAD')],
    ['stop applier', () => replica.both('stop applier', model => model.stopApplier(), 'STOP REPLICA SQL_THREAD')],
    ['start applier', () => replica.both('start applier', model => model.startApplier(), 'START REPLICA SQL_THREAD')],
    ['follow the other one, receiver only', () => change(other, false)(replica.model, replica)],
    ['follow the primary, receiver only', () => change(primary, false)(replica.model, replica)],
    ['follow the other one, auto-position', () => change(other, true)(replica.model, replica)],
    ['follow the primary, auto-position', () => change(primary, true)(replica.model, replica)],
    ['read-only', () => replica.both('read-only', model => { model.readOnly = true; return { ok: true } }, 'SET GLOBAL read_only = 1')],
    ['writable', () => replica.both('writable', model => { model.readOnly = false; return { ok: true } }, 'SET GLOBAL read_only = 0')],
    ['write on the primary', async () => {
      row += 1
      primary.model.write(row, () => {}, () => {})
      await primary.real.sql(`INSERT INTO modelled.t VALUES (${row})`)
    }],
    ['forget the source', async () => {
      await replica.both('forget the source', model => model.resetReplica(), 'RESET REPLICA ALL')
      // An account goes with it; both are made replicas of the primary again where it went.
      if (replica.model.channel.source !== null) return
      await sandbox.replicate('replica', 'primary')
      replica.model.changeSource(primary.model.key, { namesAutoPosition: true })
      replica.model.startReceiver()
      replica.model.startApplier()
    }],
  ]
  const counts = new Map(commands.map(([says]) => [says, 0]))
  for (const seed of seeds) {
    draw = seededRandom(seed)
    const told: string[] = []
    for (let count = 0; count < commandsMax; count += 1) {
      // Writes are the most frequent, so that there is something to receive, to apply and to lose.
      const [says, act] = (random() < 0.3 ? commands[10] : commands[Math.floor(random() * commands.length)]) ?? commands[0] ?? assert.fail()
      told.push(says)
      counts.set(says, (counts.get(says) ?? 0) + 1)
      await act()
      await clock.runTo(clock.at + settleMilliseconds)
      let real = await replica.realState()
      const modelled = replica.modelState()
      for (let tries = 0; tries < 300 && JSON.stringify(real) !== JSON.stringify(modelled); tries += 1) {
        await new Promise(resolve => setTimeout(resolve, 50))
        real = await replica.realState()
      }
      assert.deepEqual(real, modelled, `seed ${seed}, after ${count + 1} commands: ${told.slice(-12).join(' → ')}`)
    }
    onSeed?.(seed)
  }
  return counts
}
