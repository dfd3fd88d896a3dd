import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RealEtcd, whyNoEtcd } from '../harness/etcd/real-etcd.ts'
import { freePort } from '../harness/recorded/free-port.ts'
import { until } from '../harness/raft/member-process.ts'
import { Api } from '../harness/recorded/api.ts'
import { LeaderWatch } from '../harness/recorded/leader-watch.ts'
import { isRunning, type RunningProgram, runProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'

const skip = (await whyNoEtcd()) ?? false
const names = ['one', 'two', 'three'] as const
type Name = (typeof names)[number]
const host = '127.41.11.1'

test('three processes of one etcd, each with a database of its own: one acts, what is decided through any is known to all, and the lead passes on', { skip }, async () => {
  await using etcd = await RealEtcd.start()
  using folder = temporaryFolder()
  const places = new Map<Name, { readonly configuration: string; readonly address: string }>()
  for (const name of names) {
    mkdirSync(join(folder.path, name))
    const address = `${host}:${await freePort(host)}`
    places.set(name, { address: `http://${address}`, configuration: writeConfiguration(join(folder.path, name), { ListenAddress: address, HTTPAdvertise: `http://${address}`, EtcdEndpoints: etcd.endpoints }) })
  }
  const placeOf = (name: Name) => places.get(name) ?? assert.fail(name)
  const running = new Map<Name, RunningProgram>()
  const start = async (name: Name): Promise<void> => {
    const started = await startProgram(['--config', placeOf(name).configuration])
    assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
    running.set(name, started)
  }
  const program = (name: string): RunningProgram => running.get(name as Name) ?? assert.fail(`${name} does not run`) // one of the names, or it does not run
  const api = (name: Name): Api => new Api(placeOf(name).address)
  const recoveriesAreOn = async (name: Name): Promise<boolean> => (await api(name).former('check-global-recoveries')).Details === 'enabled'
  const allSay = (isOn: boolean): Promise<unknown> => until(async () => {
    for (const name of running.keys()) if ((await recoveriesAreOn(name)) !== isOn) return null
    return true
  }, `all say that recoveries are ${isOn ? 'on' : 'off'}`, 60_000)
  try {
    await start('one')
    // One that another founded the group before, and one more.
    await Promise.all([start('two'), start('three')])
    await using watch = new LeaderWatch(new Map(names.map(name => [name, () => (running.has(name) ? placeOf(name).address : null)])))
    const first = (await watch.nextLeader(0, [], 60_000)).name as Name // the names that it was given
    const [follower = 'two'] = names.filter(name => name !== first)
    await until(async () => ((await api(follower).get<{ leader: { name: string } | null }>('/api/v2/group')).leader?.name === new URL(placeOf(first).address).host ? true : null), 'the follower knows who leads', 60_000)

    // A follower passes on what changes something.
    assert.equal((await api(follower).former('disable-global-recoveries')).Code, 'OK')
    await allSay(false)

    // A command line beside the group would change one database behind its back.
    const refused = runProgram(['--config', placeOf(first).configuration, '-c', 'enable-global-recoveries'])
    assert.match(refused.stderr, /EtcdEndpoints/)
    assert.notEqual(refused.status, 0)
    await allSay(false)

    const killedAt = watch.now
    await program(first).kill()
    running.delete(first)
    const second = (await watch.nextLeader(killedAt, [first], 60_000)).name as Name
    await until(async () => ((await api(second).former('enable-global-recoveries')).Code === 'OK' ? true : null), 'the next one decides', 60_000)
    await start(first)
    await allSay(true)

    const stoppedAt = watch.now
    await program(second).stop()
    running.delete(second)
    const third = (await watch.nextLeader(stoppedAt, [second], 60_000)).name as Name
    await start(second)

    // Frozen for longer than its lease: another leads, and it knows when it wakes.
    const frozenAt = watch.now
    program(third).freeze()
    await watch.nextLeader(frozenAt, [third], 60_000)
    program(third).resume()
    assert.equal((await api(third).former('disable-global-recoveries')).Code, 'OK') // passed on
    await allSay(false)

    await etcd.kill('e0')
    const goneAt = watch.now
    await watch.silence(goneAt, 1500, 60_000)
    for (const name of names) {
      assert.equal((await api(name).former('enable-global-recoveries')).Code, 'ERROR', name)
      const group = await api(name).get<{ leader: unknown; isPartOfQuorum: boolean; state: string }>('/api/v2/group')
      assert.deepEqual([group.leader, group.isPartOfQuorum], [null, false])
    }
    etcd.begin('e0')
    const last = (await watch.nextLeader(watch.now, [], 60_000)).name as Name
    await until(async () => ((await api(last).former('enable-global-recoveries')).Code === 'OK' ? true : null), 'all goes on', 60_000)
    await allSay(true)
    assert.deepEqual(watch.both, [], watch.story)
  } finally {
    await Promise.all([...running.values()].map(each => each[Symbol.asyncDispose]()))
  }
})
