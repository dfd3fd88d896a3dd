/**
 * One member of a group as a process of its own: real files, real connections, registers as its memory. Not the product; its parent asks it over the channel
 * of Node (`fork`). `node member-program.ts '{"folder":…,"member":…,"members":{name: address},"founders":[…],"group":…,"secret":…}'`
 */
import { fileRaftDisks } from '../../../src/adapters/raft/disk/file-raft-disk.ts'
import { usualLimits } from '../../../src/adapters/raft/transport/options.ts'
import { openRaftTransport } from '../../../src/adapters/raft/transport/raft-transport.ts'
import { splitAddress } from '../../../src/adapters/raft/transport/address.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { systemRandom } from '../../../src/adapters/system/random.ts'
import { CommandMachine } from '../../../src/engine/raft/command-machine.ts'
import { RaftNode } from '../../../src/engine/raft/raft-node.ts'
import { type RaftNodePolicy, usualPolicy } from '../../../src/engine/raft/policy.ts'
import type { MemberId } from '../../../src/model/raft/types.ts'
import type { MemberAsk, MemberSaid, MemberSettings } from './member-words.ts'
import { type RegisterCommand, registerCommands, registers } from './register-commands.ts'

const settings = JSON.parse(process.argv[2] ?? '') as MemberSettings // written by member-process.ts
const say = (said: MemberSaid): void => { process.send?.(said) }
const policy: RaftNodePolicy = { ...usualPolicy, ...settings.policy }
const members = new Map(Object.entries(settings.members)) as Map<MemberId, string> // ids are texts to the test
const address = members.get(settings.member)
if (address === undefined) throw new Error(`${settings.member} has no address`)

const opened = await fileRaftDisks().open(settings.folder)
if (!opened.ok) {
  say({ kind: 'failed', part: 'disk', text: JSON.stringify(opened.failure) })
  process.exit(1)
}
const disk = opened.value
if (disk.found === null) {
  await disk.begin({ member: settings.member, group: settings.group }, { index: 0, term: 0, configuration: { voters: settings.founders, outgoing: [], learners: [] } }, new Uint8Array())
}
const memory = registers()
const machine = new CommandMachine<Map<string, string>, RegisterCommand>(registerCommands, memory)
let node: RaftNode | null = null
const transport = await openRaftTransport(
  { member: settings.member, group: settings.group, listen: splitAddress(address), secret: settings.secret, tls: null, limits: usualLimits },
  { message: message => node?.receive(message), link: (member, state) => say({ kind: 'link', member, state: state.state }), turnedAway: (from, why) => say({ kind: 'turned-away', from, why }) },
)
node = await RaftNode.start({
  clock: systemClock, random: systemRandom, disk, transport: settings.keepsAllPeers ? { send: message => transport.send(message), setPeers: () => transport.setPeers(members) } : transport, machine, policy,
  addressOf: member => members.get(member) ?? null,
  events: {
    notice: notice => say({ kind: 'notice', notice }),
    failed: (part, error) => {
      say({ kind: 'failed', part, text: error instanceof Error ? error.stack ?? error.message : String(error) })
      setTimeout(() => process.exit(1), 100)
    },
  },
})
const running = node

async function answer(ask: MemberAsk): Promise<unknown> {
  switch (ask.what) {
    case 'status': return { ...running.status, isLeader: running.isLeader, memoryBytes: process.memoryUsage().rss, cpuMicroseconds: process.cpuUsage() }
    case 'propose': return running.propose(CommandMachine.encode<RegisterCommand>({ id: ask.id, by: settings.member, at: Date.now(), command: ask.command }))
    case 'load': return load(ask.commands, ask.atOnce, ask.bytes)
    case 'read': {
      const answered = await running.read()
      return answered.ok ? { ok: true, value: memory.world.get(ask.key) ?? null } : answered
    }
    case 'change-members': return running.changeMembers(ask.voters, ask.learners)
    case 'step-aside': return running.stepAside()
    case 'block': {
      const end = performance.now() + ask.milliseconds
      while (performance.now() < end); // on purpose: the event loop stands still
      return null
    }
    default: throw new Error(`what is ${JSON.stringify(ask)}?`)
  }
}

/** Proposes so many commands, `atOnce` of them waiting at any time; how many were carried out, and how long each took. */
async function load(commands: number, atOnce: number, bytes: number): Promise<unknown> {
  const value = 'x'.repeat(bytes)
  const took: number[] = []
  let next = 0
  const began = performance.now()
  const run = async (): Promise<void> => {
    while (next < commands) {
      const number = next++
      const at = performance.now()
      const answered = await running.propose(CommandMachine.encode<RegisterCommand>({ id: `load-${process.pid}-${began}-${number}`, by: settings.member, at: 0, command: { do: 'put', key: `k${number % 1000}`, value } }))
      if (answered.ok) took.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, run))
  return { done: took.length, milliseconds: performance.now() - began, took: took.toSorted((one, other) => one - other) }
}

process.on('message', (ask: MemberAsk) => {
  void answer(ask).then(value => say({ kind: 'answer', number: ask.number, value }), error => say({ kind: 'answer', number: ask.number, value: { fault: String(error) } }))
})
process.on('disconnect', () => process.exit(0)) // the parent is gone
say({ kind: 'ready' })
