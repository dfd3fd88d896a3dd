import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { testInOwnNetwork } from '../harness/network/own-network.ts'
import { hostAddresses, hostNames, type HostName, Hosts, otherHosts } from '../harness/raft/hosts.ts'
import { recoveriesSeenBy } from '../harness/raft/lost-host.ts'
import { Writer } from '../harness/lab/writer.ts'
import { until } from '../harness/recorded/api.ts'

const patience = 60_000
/** Longer than whatever hangs or is cut off is given before it is replaced. */
const unharmedMilliseconds = 12_000

const serverHost = (name: HostName): string => name.replace('db', 'sql')

testInOwnNetwork(import.meta.filename, 'who acts needs what most managers see: whoever cannot reach servers that others reach replaces none of them, and one of three that reaches nothing keeps nobody from replacing a dead primary',
  hostAddresses, async () => {
    await using hosts = await Hosts.start({ apart: true })
    await hosts.discover()
    const servers = hostNames.map(name => hosts.server(name))
    await using writer = await Writer.start(hosts.server('db140'), () => servers)
    const cut = async (managers: readonly HostName[], from: readonly HostName[]): Promise<void> => {
      for (const manager of managers) for (const server of from) await hosts.network.cutBoth(manager, serverHost(server))
    }
    const cuts: readonly { readonly says: string; readonly managers: (leader: HostName) => readonly HostName[]; readonly servers: readonly HostName[] }[] = [
      { says: 'the leader reaches no server', managers: leader => [leader], servers: hostNames },
      { says: 'the leader does not reach the primary', managers: leader => [leader], servers: ['db140'] },
      { says: 'the others do not reach the primary', managers: leader => otherHosts(leader), servers: ['db140'] },
      { says: 'nobody reaches the primary, but its replicas hear it', managers: () => hostNames, servers: ['db140'] },
    ]
    for (const { says, managers, servers: unreached } of cuts) {
      const leader = await hosts.all()
      await cut(managers(leader), unreached)
      const before = writer.acknowledged.length
      await sleep(unharmedMilliseconds)
      assert.ok(writer.acknowledged.length > before, `${says}: rows are acknowledged`)
      assert.equal((await hosts.server('db140').row<{ ro: number }>('SELECT @@read_only AS ro')).ro, 0, says)
      for (const name of hostNames) assert.deepEqual(await recoveriesSeenBy(hosts, name), [], `${says}, asked of ${name}`)
      await hosts.network.heal()
      for (const name of hostNames) {
        await until(() => hosts.api(name).get<readonly { readonly IsLastCheckValid: boolean }[]>('/api/all-instances').catch(() => []), all => all.length === 3 && all.every(({ IsLastCheckValid }) => IsLastCheckValid), patience)
      }
    }

    const leader = await hosts.all()
    const [blind = 'db140'] = otherHosts(leader)
    await cut([blind], hostNames)
    await sleep(2000)
    await hosts.server('db140').kill()
    const primary = await until(() => promoted(hosts), name => name !== undefined, patience)
    await hosts.network.heal()
    for (const name of hostNames) await until(() => recoveriesSeenBy(hosts, name), all => all.length === 1, patience)
    console.log(`${primary} was promoted while ${blind} reached nothing`)
  })

testInOwnNetwork(import.meta.filename, 'a leader that reaches no server any more lets one lead that does, which replaces the primary that died meanwhile', hostAddresses, async () => {
  await using hosts = await Hosts.start({ apart: true })
  await hosts.discover()
  const leader = await hosts.all()
  for (const server of hostNames) await hosts.network.cutBoth(leader, serverHost(server))
  await hosts.server('db140').kill()
  const from = performance.now()
  await until(() => promoted(hosts), name => name !== undefined, patience)
  console.log(`somebody was promoted ${(performance.now() - from).toFixed(0)} ms after the leader was cut off from the servers and the primary died`)
  assert.notEqual(await hosts.all(), leader)
  await hosts.network.heal()
  for (const name of hostNames) await until(() => recoveriesSeenBy(hosts, name), all => all.length === 1 && all[0]?.isSuccessful === true, patience)
})

/** Who of the replicas takes writes. */
async function promoted(hosts: Hosts): Promise<HostName | undefined> {
  for (const name of ['db141', 'db142'] as const) if ((await hosts.server(name).row<{ ro: number }>('SELECT @@read_only AS ro')).ro === 0) return name
  return undefined
}
