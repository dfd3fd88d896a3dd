/**
 * One manager of a group by etcd as a process of its own: a real client, registers as its memory. Not the product; its parent asks it over the channel of Node
 * (`fork`). `node manager-program.ts '{"name":…,"endpoints":[…],"policy":{}}'`
 */
import { EtcdClient } from '../../../src/adapters/etcd/etcd-client.ts'
import { type EtcdOptions, usualEtcdLimits } from '../../../src/adapters/etcd/options.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { systemRandom } from '../../../src/adapters/system/random.ts'
import { EtcdGroup } from '../../../src/engine/group/etcd-group.ts'
import { usualEtcdPolicy } from '../../../src/engine/group/etcd-policy.ts'
import { CommandMachine } from '../../../src/engine/raft/command-machine.ts'
import { type RegisterCommand, registerCommands, registers } from '../raft/register-commands.ts'
import type { ManagerAsk, ManagerSaid, ManagerSettings } from './manager-words.ts'

const settings = JSON.parse(process.argv[2] ?? '') as ManagerSettings // written by manager-process.ts
const say = (said: ManagerSaid): void => { process.send?.(said) }
const etcd = new EtcdClient({ endpoints: settings.endpoints as EtcdOptions['endpoints'], login: null, tls: null, limits: usualEtcdLimits }) // one at least: the tests say so
const memory = registers()
const group = new EtcdGroup<RegisterCommand>({
  etcd, clock: systemClock, random: systemRandom, machine: new CommandMachine<Map<string, string>, RegisterCommand>(registerCommands, memory),
  policy: { ...usualEtcdPolicy, ...settings.policy }, prefix: '/orchestrator', name: settings.name, uri: `http://${settings.name}:3000`,
  events: { trouble: text => say({ kind: 'trouble', text }), failed: text => say({ kind: 'failed', text }) },
})

async function answer(ask: ManagerAsk): Promise<unknown> {
  switch (ask.what) {
    case 'standing': return { ...group.standing(), isLeader: group.isLeader() }
    case 'propose': return group.propose(ask.command, ask.id)
    case 'confirm': return group.confirm()
    case 'look': return memory.world.get(ask.key) ?? null
    case 'read': {
      const reason = await group.confirm()
      return reason === null ? { ok: true, value: memory.world.get(ask.key) ?? null } : { ok: false, failure: reason }
    }
    case 'step-aside': return group.stepAside(ask.to)
    case 'close': {
      await group.close()
      etcd.close()
      return null
    }
    case 'load': return load(ask.commands, ask.atOnce)
    default: throw new Error(`what is ${JSON.stringify(ask)}?`)
  }
}

/** Proposes so many commands, `atOnce` of them waiting at any time; how many were carried out, and how long each took. */
async function load(commands: number, atOnce: number): Promise<unknown> {
  const took: number[] = []
  let next = 0
  const began = performance.now()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < commands) {
      const number = next++
      const at = performance.now()
      if ((await group.propose({ do: 'put', key: `k${number % 1000}`, value: 'x'.repeat(200) }, `load-${process.pid}-${began}-${number}`)).ok) took.push(performance.now() - at)
    }
  }))
  return { done: took.length, milliseconds: performance.now() - began, took: took.toSorted((one, other) => one - other) }
}

process.on('message', (ask: ManagerAsk) => {
  void answer(ask).then(value => say({ kind: 'answer', number: ask.number, value }), error => say({ kind: 'answer', number: ask.number, value: { fault: String(error) } }))
})
process.on('disconnect', () => process.exit(0)) // the parent is gone
say({ kind: 'ready' })
