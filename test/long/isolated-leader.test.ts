import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { testInOwnNetwork } from '../harness/network/own-network.ts'
import { ActsHeard } from '../harness/raft/acts-heard.ts'
import { hostAddresses, hostNames, type HostName, Hosts, otherHosts } from '../harness/raft/hosts.ts'
import { recoveriesSeenBy } from '../harness/raft/lost-host.ts'
import { sharedRows } from '../harness/raft/shared-rows.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { until } from '../harness/recorded/api.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'

const patience = 60_000
/** The aim is half a second; a machine that runs much else is given more. */
const stopsMilliseconds = 5000
const changes = ['begin-downtime/sql141/3308/dba/work/1h', 'disable-global-recoveries', 'stop-slave/sql141/3308', 'set-writeable/sql141/3308', 'relocate/sql142/3308/sql141/3308', 'forget/sql141/3308']

testInOwnNetwork(import.meta.filename, 'a leader that hears the others not, or is not heard, stops leading, changes no server and no row though it reaches all servers, and comes back without an election',
  hostAddresses, async () => {
    await using hosts = await Hosts.start({ apart: true, settings: { RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: [] } })
    await hosts.discover()
    const heard = await ActsHeard.begin(hostNames.map(name => hosts.server(name)))
    for (const ways of ['both', 'out', 'in'] as const) {
      const leader = await hosts.all()
      const rest = otherHosts(leader)
      await using watch = hosts.watch()
      const [from, since] = [watch.now, Date.now()]
      await hosts.cut(leader, rest, ways)
      const next = await watch.nextLeader(from, [leader], patience)
      await until(() => hosts.group(leader), view => view !== null && view.leader?.name !== hosts.memberName(leader), patience)
      await sleep(1000)
      const stopped = watch.saidSoFor(leader, from)
      console.log(`cut ${ways}: it said that it leads for ${stopped.toFixed(0)} ms; the next led after ${next.milliseconds.toFixed(0)} ms`)
      assert.ok(stopped < stopsMilliseconds, `${leader} answered as leader for ${stopped} ms: ${watch.story}`)
      const before = sharedRows(hosts.folderOf(leader))
      for (const path of changes) assert.equal((await hosts.api(leader).former(path)).Code, 'ERROR', path)
      assert.equal((await hosts.api(leader).get<unknown>('/api/leader-check')), 'Not leader')
      const tagged = (name: HostName) => hosts.api(name).former(`tag/sql140/3308?tag=cut=${ways}`).catch(() => null)
      await until(async () => (await Promise.all(rest.map(tagged))).some(answer => answer?.Code === 'OK'), Boolean, patience)
      assert.deepEqual(sharedRows(hosts.folderOf(leader)), before, 'no row is changed by whoever hears no majority')
      assert.deepEqual(await heard.from(hosts.network.address(leader), since), [], `nothing was told to any server by ${leader}`)
      // Whoever came back with a higher term would depose a good leader.
      const [own = 0, ...others] = (await Promise.all([leader, ...rest].map(name => hosts.group(name)))).map(view => view?.term ?? 0)
      assert.ok(own <= Math.max(...others), `terms of the one that was cut off, and of the others: ${own}, ${others.join(', ')}`)
      await hosts.network.heal()
      await hosts.all()
      await until(() => hosts.api(leader).get<readonly string[]>('/api/tags/sql140/3308').catch((): readonly string[] => []), tags => tags.includes(`cut=${ways}`), patience)
      assert.deepEqual(watch.both, [])
    }
  })

testInOwnNetwork(import.meta.filename, 'a manager that is deposed in the midst of a recovery stops before its next step, though it reaches all servers; the next one finishes it, once', hostAddresses, async () => {
  using folder = temporaryFolder()
  const pid = join(folder.path, 'hook.pid')
  // Sleeps for the first manager that comes here, and for no other.
  const hook = `test -e ${pid} || { echo "$(hostname) $$" > ${pid}.new; mv ${pid}.new ${pid}; exec sleep 120; }`
  await using hosts = await Hosts.start({ apart: true, settings: { PreFailoverProcesses: [hook] } })
  await hosts.discover()
  const servers = hostNames.map(name => hosts.server(name))
  const heard = await ActsHeard.begin(servers)
  await using writer = await Writer.start(hosts.server('db140'), () => servers)
  await using writable = WritableServers.watch(servers)
  await until(async () => writer.acknowledged.length, count => count > 50, patience)
  await hosts.server('db140').kill()
  await until(async () => existsSync(pid), Boolean, patience)
  const [host, id] = readFileSync(pid, 'utf8').trim().split(' ')
  const deposed = host as HostName // the hook writes the host's name
  const [rest, since] = [otherHosts(deposed), Date.now()]
  await hosts.cut(deposed, rest, 'both')
  const finished = await until(async () => (await Promise.all(rest.map(name => recoveriesSeenBy(hosts, name)))).find(all => all.some(({ isSuccessful, endedAt }) => isSuccessful && endedAt !== null)) ?? [],
    all => all.length > 0, patience)
  // Its hook ends now: what comes next would be the promotion.
  process.kill(Number(id), 'SIGKILL')
  await sleep(5000)
  assert.deepEqual(await heard.from(hosts.network.address(deposed), since), [], `nothing more was told to any server by ${deposed}`)
  const promoted = finished.find(({ isSuccessful }) => isSuccessful)?.successor
  const primary = servers.find(({ key }) => key === promoted)
  assert.ok(primary !== undefined)
  const acts = (await Promise.all(rest.map(name => heard.from(hosts.network.address(name), since)))).flat()
  assert.ok(acts.some(act => act.startsWith(`${primary.name}: SET GLOBAL`)), `the next one did it: ${acts.join('; ')}`)
  const count = writer.acknowledged.length
  await until(async () => writer.acknowledged.length, length => length > count + 20, patience)
  await writer.stop()
  assert.ok(await writer.lacksOnlyTheEndOf(hosts.server('db140'), primary))
  assert.deepEqual(writable.pairs, [])
  await hosts.network.heal()
  const known = (await until(() => recoveriesSeenBy(hosts, deposed), all => all.every(({ endedAt }) => endedAt !== null) && all.some(({ isSuccessful }) => isSuccessful), patience))
  assert.deepEqual(known.filter(({ isSuccessful }) => isSuccessful).map(({ successor }) => successor), [promoted])
  assert.deepEqual(await heard.from(hosts.network.address(deposed), since), [], 'nor when it hears the others again')
})
