import assert from 'node:assert/strict'
import type { ReturnedPrimary } from '../../src/contract/returned.ts'
import type { OperationView } from '../../src/contract/views.ts'
import { testInOwnNetwork } from '../harness/network/own-network.ts'
import { hostAddresses, hostNames, type HostName, Hosts, otherHosts } from '../harness/raft/hosts.ts'
import { losesHost, recoveriesSeenBy } from '../harness/raft/lost-host.ts'
import { until } from '../harness/recorded/api.ts'

/** Seven servers, three managers and whatever else the machine does. */
const patience = 150_000

/** As the page does when a card is dropped on another: the plan is shown, and exactly that is run. */
async function drop(hosts: Hosts, through: HostName, card: HostName, on: HostName): Promise<void> {
  const api = hosts.api(through)
  const input = { instance: hosts.server(card).key, destination: hosts.server(on).key }
  // A busy machine may lose its leader in the midst: what was begun is finished or undone by the next one, and the card is dropped again where it was undone.
  await until(async () => {
    if (await follows(hosts, card, on)) return 'follows'
    const plan = await api.plan('relocate', input).catch((error: unknown) => String(error))
    if (typeof plan === 'string') return plan
    const started = await api.operation('relocate', input, { fingerprint: plan.fingerprint }).catch(() => null)
    if (started?.state !== 'started') return `not started: ${JSON.stringify(started)}`
    const ended = await until(async () => (await api.get<{ operations?: readonly OperationView[] }>('/api/v2/operations').catch(() => null))?.operations?.find(({ number }) => number === started.operation),
      operation => operation !== undefined && operation.state !== 'running', 20_000).catch(() => null)
    return JSON.stringify(ended)
  }, came => came === 'follows', patience)
}

const follows = async (hosts: Hosts, card: HostName, on: HostName): Promise<boolean> => {
  const row = await hosts.server(card).row('SHOW REPLICA STATUS').catch((): Record<string, unknown> => ({}))
  return row['Source_Host'] === on && row['Replica_IO_Running'] === 'Yes' && row['Replica_SQL_Running'] === 'Yes'
}

/** '' where nobody can be asked. */
const sourceOf = async (hosts: Hosts, name: HostName): Promise<string> =>
  String((await hosts.server(name).row('SHOW REPLICA STATUS').catch((): Record<string, unknown> => ({ Source_Host: '' })))['Source_Host'])

for (const database of ['mysql', 'sqlite'] as const) {
  testInOwnNetwork(import.meta.filename, `three hosts, each with a manager and its ${database === 'mysql' ? 'MySQL' : 'SQLite'} database: discovery, cascade and back, leaders that end and return, a lost host, and its return`,
    hostAddresses, async () => {
      await using hosts = await Hosts.start({ database })
      await hosts.discover()
      // Through a manager that does not lead: it asks the one that does.
      const [follower = 'db140'] = otherHosts(await hosts.all())
      await drop(hosts, follower, 'db142', 'db141')
      await hosts.server('db140').sql('CREATE DATABASE cascaded')
      await until(() => hosts.server('db142').row("SELECT COUNT(*) AS n FROM information_schema.schemata WHERE schema_name = 'cascaded'"), ({ n }) => n === 1, patience)
      await drop(hosts, follower, 'db142', 'db140')

      for (const act of ['stop', 'kill'] as const) {
        const leader = await hosts.all()
        await using watch = hosts.watch()
        const from = watch.now
        await hosts.endManager(leader, act)
        const next = await watch.nextLeader(from, [leader], patience)
        console.log(`${act} of the leader: another led after ${next.milliseconds.toFixed(0)} ms`)
        // What is decided meanwhile is known to the one that comes back.
        const [rest = 'db140'] = otherHosts(leader)
        await hosts.change(rest, `tag/db141/3308?tag=ended=${act}`)
        await hosts.startManager(leader)
        await hosts.all()
        await until(() => hosts.api(leader).get<readonly string[]>('/api/tags/db141/3308').catch((): readonly string[] => []), tags => tags.includes(`ended=${act}`), patience)
        assert.deepEqual(watch.both, [])
      }

      const { primary, leaderless, gap } = await losesHost(hosts, 'db140')
      console.log(`lost host: nobody led for ${leaderless.toFixed(0)} ms; no row was acknowledged for ${gap.toFixed(0)} ms`)
      const [other = primary] = otherHosts('db140', primary)
      await until(() => sourceOf(hosts, other), source => source === primary, patience)

      // The host is there again, with all that was on its disk.
      for (const server of hosts.sandbox.servers.filter(({ name }) => name.startsWith('db140'))) await server.start(server.name === 'db140' ? ['--super-read-only=ON'] : [])
      await hosts.startManager('db140')
      const leader = await hosts.all()
      await until(async () => JSON.stringify(await recoveriesSeenBy(hosts, 'db140')), known => known !== '[]', patience)
      const [returned] = await until(async () => {
        const answer = await hosts.api(leader).operation('returned-primaries', {}).catch(() => null)
        return (answer as unknown as { readonly output?: readonly ReturnedPrimary[] } | null)?.output ?? [] // the operation's own answer
      }, all => all.length === 1 && all[0]?.verdict !== 'not-seen', patience)
      assert.equal(returned?.server, hosts.server('db140').key)
      if (returned.verdict === 'clean') {
        await hosts.change(leader, 'discover/db140/3308')
        await until(async () => {
          const plan = await hosts.api(leader).plan('rejoin-primary', { instance: returned.server }).catch(() => null)
          if (plan !== null) await hosts.api(leader).operation('rejoin-primary', { instance: returned.server }, { fingerprint: plan.fingerprint }).catch(() => null)
          return sourceOf(hosts, 'db140')
        }, source => source === primary, patience)
      } else {
        // Rows that no replica had received when the power went: they are told, and it stays aside.
        console.log(`the lost primary came back as ${returned.verdict}: ${JSON.stringify(returned.diverged)}`)
        assert.equal(returned.verdict, 'diverged')
        assert.equal((await hosts.server('db140').row<{ ro: number }>('SELECT @@super_read_only AS ro')).ro, 1)
      }
      assert.deepEqual(hostNames.filter(name => !hosts.running.has(name)), [])
    })
}
