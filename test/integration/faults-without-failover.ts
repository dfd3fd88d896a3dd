import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckState } from '../../src/model/topology/instance.ts'
import { managerAddress, type ProxiedCluster } from '../harness/fault-proxy/proxied-cluster.ts'
import type { Lab } from '../harness/lab/lab.ts'

export interface Scene {
  readonly lab: Lab
  readonly cluster: ProxiedCluster
}

/** A fault after which the primary must be the same. */
export interface HarmlessFault {
  readonly name: string
  /** Why a failover would be wrong. */
  readonly because: string
  /**
   * Does the harm, waits until it is felt (a fault that nobody feels proves nothing), and holds it as long as it takes to be sure.
   * The proxies are healed afterwards.
   */
  strike(scene: Scene): Promise<void>
}

/** Longer than it takes to replace a primary that hangs. */
const longMillis = 5500
const shortMillis = 2500
const manager = { from: managerAddress }

const isFelt = ({ latencyMilliseconds, failure }: CheckState, milliseconds: number): boolean => latencyMilliseconds > milliseconds || failure !== null

async function untilUnseen({ lab }: Scene, names: readonly string[]): Promise<void> {
  await lab.until(`${names.join(', ')} cannot be seen`, () => names.every(name => lab.instance(name).check.failure !== null))
}

async function killConnectionsOf(scene: Scene, user: string): Promise<void> {
  const server = scene.cluster.sandbox.server(scene.cluster.primary)
  const connections = await server.sql<{ id: number }>('SELECT id FROM performance_schema.processlist WHERE user = ?', [user])
  for (const { id } of connections) await server.sql(`KILL ${Number(id)}`).catch(() => {}) // gone already
}

/** Faults that must not cause a failover (invariant I10). To add one: an entry in one of the two lanes, which run beside each other. */
export const harmlessFaults: readonly (readonly HarmlessFault[])[] = [
  [
    {
      name: 'only the manager cannot reach the primary: nothing arrives, nobody is told',
      because: 'its replicas hear it and its clients are served',
      strike: async scene => {
        scene.cluster.proxy(scene.cluster.primary).blackHole(manager)
        await untilUnseen(scene, [scene.cluster.primary])
        await sleep(longMillis)
      },
    },
    {
      name: 'the manager is cut from all servers of the cluster',
      because: 'who sees nobody is the one that is alone',
      strike: async scene => {
        for (const proxy of scene.cluster.proxies) proxy.blackHole(manager)
        await untilUnseen(scene, scene.cluster.names)
        await sleep(longMillis)
      },
    },
    {
      name: 'the address of the primary leads the manager to another server, as a wrong DNS entry does',
      because: 'another server that answers says nothing about the primary',
      strike: async scene => {
        const { cluster: { primary, replicas: [replica], sandbox } } = scene
        const way = scene.cluster.proxy(primary)
        const before = way.accepted.get(managerAddress) ?? 0
        way.redirect({ host: '127.0.0.1', port: sandbox.server(replica).port }, manager)
        way.reset(manager)
        await scene.lab.until('the manager has connected anew', () => (way.accepted.get(managerAddress) ?? 0) > before)
        await sleep(shortMillis)
        way.redirect(null, manager)
        way.reset(manager)
      },
    },
    {
      name: 'one replica loses its primary',
      because: 'one witness of two: the other one hears the primary, and so do we',
      strike: async scene => {
        const { cluster: { primary, replicas: [replica] } } = scene
        const way = scene.cluster.proxy(primary)
        way.refuse({ from: scene.cluster.addressOf(replica) })
        way.reset({ from: scene.cluster.addressOf(replica) })
        await scene.lab.until('its receiver does not run', () => scene.lab.instance(replica).replication?.receiver !== 'running')
        await sleep(shortMillis)
        way.heal()
        const server = scene.cluster.sandbox.server(replica)
        await server.sql('STOP REPLICA IO_THREAD')
        await server.sql('START REPLICA IO_THREAD')
      },
    },
  ],
  [
    {
      name: 'one probe is answered late',
      because: 'a single late answer is no evidence',
      strike: async ({ lab, cluster }) => {
        cluster.proxy(cluster.primary).set('to client', { delayMillis: 1500 }, manager)
        await lab.until('a slow answer', () => isFelt(lab.instance(cluster.primary).check, 1000))
        cluster.heal()
        await sleep(shortMillis)
      },
    },
    {
      name: 'connections of the manager to the primary are half open: the server has ended them, and nobody is told',
      because: 'a new connection works at once',
      strike: async scene => {
        const way = scene.cluster.proxy(scene.cluster.primary)
        const before = way.accepted.get(managerAddress) ?? 0
        way.set('to client', { hidesEnd: true }, manager)
        await killConnectionsOf(scene, 'orchestrator')
        await scene.lab.until('the manager has connected anew', () => (way.accepted.get(managerAddress) ?? 0) > before)
        await sleep(shortMillis)
      },
    },
    {
      name: 'the connections of the manager to the primary are reset again and again',
      because: 'a lost connection asks for a second look, and the second look finds a primary that serves its replicas',
      strike: async ({ lab, cluster }) => {
        const way = cluster.proxy(cluster.primary)
        const before = way.accepted.get(managerAddress) ?? 0
        for (let times = 0; times < 10; times += 1) {
          way.reset(manager)
          await sleep(shortMillis / 10)
        }
        await lab.until('the manager has connected anew', () => (way.accepted.get(managerAddress) ?? 0) > before + 1)
      },
    },
    {
      name: 'everything on the cable of the primary is slow: late, and in drops',
      because: 'slow is not dead',
      strike: async ({ lab, cluster }) => {
        cluster.proxy(cluster.primary).set('both', { delayMillis: 120, jitterMillis: 120, drip: { bytes: 1024, everyMillis: 10 } })
        await lab.until('slow answers', () => isFelt(lab.instance(cluster.primary).check, 200))
        await sleep(shortMillis)
      },
    },
    {
      name: 'a replica is killed and started again',
      because: 'the primary has lost a replica, its clients nothing',
      strike: async ({ lab, cluster }) => {
        const server = cluster.sandbox.server(cluster.replicas[1])
        await server.kill()
        await lab.until('it is missed', () => lab.instance(cluster.replicas[1]).check.failure !== null)
        await server.start(['--super-read-only=ON'])
      },
    },
    {
      name: 'the manager itself stands still for two seconds',
      because: 'what it missed meanwhile is its own fault',
      strike: async () => {
        // This very process: its timers all come late, and all its connections have been silent.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000)
        await sleep(1500)
      },
    },
  ],
]

/** What must hold while and after: nobody else was promoted, nothing was recovered, and the cluster comes to order by itself. */
export async function assertUntouched({ lab, cluster }: Scene, fault: string): Promise<void> {
  const recoveries = await lab.store.recoveries.list({ page: 0 })
  const own = recoveries.filter(({ key }) => cluster.names.includes(lab.nameOf(key)))
  assert.deepEqual(own.map(({ code, key }) => `${code} ${lab.nameOf(key)}`), [], `${fault}: nothing is recovered`)
  assert.equal((await cluster.sandbox.server(cluster.primary).row<{ ro: number }>('SELECT @@read_only AS ro')).ro, 0, `${fault}: the primary takes writes`)
  for (const replica of cluster.replicas) {
    assert.equal((await cluster.sandbox.server(replica).row<{ sro: number }>('SELECT @@super_read_only AS sro')).sro, 1, `${fault}: ${replica} does not`)
    await cluster.sandbox.untilReplicating(replica)
  }
  await lab.until(`${fault}: all is well again`, () => {
    const source = lab.key(cluster.primary)
    const isShape = lab.instance(cluster.primary).replication === null && cluster.replicas.every(name => lab.instance(name).replication?.source === source)
    const isSeen = cluster.names.every(name => lab.instance(name).check.failure === null)
    return isShape && isSeen && !lab.recoveries.findings().some(({ key }) => cluster.names.includes(lab.nameOf(key)))
  })
}
