import { testInOwnNetwork } from '../harness/network/own-network.ts'
import { until } from '../harness/recorded/api.ts'
import { hostAddresses, Hosts } from '../harness/raft/hosts.ts'
import { losesHost, recoveriesSeenBy } from '../harness/raft/lost-host.ts'

testInOwnNetwork(import.meta.filename, 'a host loses its power that has the primary and the manager that leads: the next manager replaces the primary, and the lost one comes back as a follower that knows of it',
  hostAddresses, async () => {
    await using hosts = await Hosts.start()
    await hosts.discover()
    const { leaderless, gap } = await losesHost(hosts, 'db140')
    console.log(`nobody led for ${leaderless.toFixed(0)} ms; no row was acknowledged for ${gap.toFixed(0)} ms`)
    await hosts.startManager('db140')
    await hosts.all()
    await until(() => recoveriesSeenBy(hosts, 'db140'), all => all.some(({ isSuccessful }) => isSuccessful), 60_000)
  })
