import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { fileRaftDisks } from '../adapters/raft/disk/file-raft-disk.ts'
import { splitAddress } from '../adapters/raft/transport/address.ts'
import { type TransportTls, usualLimits } from '../adapters/raft/transport/options.ts'
import { openRaftTransport } from '../adapters/raft/transport/raft-transport.ts'
import type { Discovery } from '../engine/discovery/discovery.ts'
import type { AuditTrail } from '../engine/journal/audit-trail.ts'
import { Agreement, readSeenQuestion, seesThe } from '../engine/group/agreement.ts'
import { BlindLeader } from '../engine/group/blind-leader.ts'
import { RaftGroup } from '../engine/group/raft-group.ts'
import { memberName } from '../engine/group/raft-names.ts'
import { raftReason } from '../engine/group/raft-reasons.ts'
import type { RaftSettings } from '../engine/group/settings.ts'
import type { Inventory } from '../engine/inventory/inventory.ts'
import type { Command } from '../engine/journal/commands.ts'
import { every } from '../engine/journal/every.ts'
import { GroupProposer, NotProposed } from '../engine/journal/group-proposer.ts'
import type { Proposer } from '../engine/journal/journal.ts'
import { commandTable, SharedWorld } from '../engine/journal/shared-world.ts'
import type { CurrentFindings } from '../engine/operations/current-findings.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import type { RecoveryEngine } from '../engine/recovery/engine.ts'
import { CommandMachine } from '../engine/raft/command-machine.ts'
import { usualPolicy } from '../engine/raft/policy.ts'
import type { Reason } from '../kit/reason.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { isLastCheckValid } from '../model/topology/instance.ts'
import type { Clock } from '../ports/clock.ts'
import type { Group, ManagerAbout } from '../ports/group.ts'
import type { Log } from '../ports/log.ts'
import type { Random } from '../ports/random.ts'
import type { Store } from '../ports/store.ts'
import type { Duty } from './acting-duty.ts'
import { parseListenAddress } from './listen-address.ts'
import { keepOwnMemory, type Managers, rememberServers } from './own-memory.ts'

export interface RaftWish {
  readonly settings: RaftSettings
  readonly listenAddress: string
  readonly usesTls: boolean
  readonly about: ManagerAbout
  /** This member's own, as it is: commands are carried out in it. */
  readonly store: Store
  readonly inventory: Inventory
  readonly audit: AuditTrail
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The program cannot go on. */
  readonly fatal: (text: string) => void
}

export type RaftManagers = Managers<RaftGroup<Command>>

/** Opens disk and port, and begins to look for the others. The failure is a sentence for the operator. */
export async function openRaft(wish: RaftWish): Promise<Result<RaftManagers, string>> {
  const { settings, store, inventory, audit, clock, random, log, fatal } = wish
  const named = await ownName(settings)
  if (!named.ok) return named
  const { name, names } = named.value
  let tls: TransportTls | null
  try {
    tls = settings.certificateFile === '' ? null : { key: readFileSync(settings.keyFile), certificate: readFileSync(settings.certificateFile), authority: readFileSync(settings.authorityFile) }
  } catch (error) {
    return fail(`The certificates of this raft member cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (settings.secret === '' && tls === null && names.length > 1) log.warning('RaftSecret is not set, and raft speaks without TLS: whoever reaches the raft port can take part', { bind: settings.bind })
  const world = new SharedWorld({ memory: store.shared, remembered: inventory, audit })
  const bind = memberName(settings.bind, settings.defaultPort)
  try {
    await rememberServers(store, inventory)
  } catch (error) {
    return fail(`The servers that are known cannot be told to a group: ${error instanceof Error ? error.message : String(error)}`)
  }
  const opened = await RaftGroup.open<Command>({
    clock, random, log, fatal, name, names, disks: fileRaftDisks(), machine: new CommandMachine(commandTable, world), policy: usualPolicy, folder: settings.folder,
    uri: ownUri(wish, name), about: wish.about, defaultPort: settings.defaultPort, encode: CommandMachine.encode,
    openTransport: async events => {
      try {
        return await openRaftTransport({ member: null, group: null, listen: splitAddress(bind), secret: settings.secret === '' ? null : settings.secret, tls, limits: usualLimits }, events)
      } catch (error) {
        throw new Error(`Cannot listen on ${bind} for other members (RaftBind): ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    },
  })
  if (!opened.ok) return opened
  const group = opened.value
  group.answer(memoryTopic, async () => lettersOf(store))
  const openedAt = clock.monotonic()
  const proposer = new GroupProposer({ group, world, random, clock, beforeAdopting: () => letRicherLead(group, store, log, clock.monotonic() - openedAt) })
  const memory = keepOwnMemory({ group, world, proposer, store, inventory, clock, log, fatal })
  const parts: GroupParts = {
    standing: () => group.standing(), onStanding: listener => group.onStanding(listener),
    raft: {
      bind, advertise: name, address: text => group.address(text), stepAside: to => group.stepAside(to), add: address => group.add(address), remove: address => group.remove(address),
      snapshot: () => group.snapshot(),
    },
  }
  const close = async (): Promise<void> => {
    memory.close()
    await group.close()
  }
  return ok({ group, world, proposer, parts, tellServer: memory.tellServer, noteBackend: memory.noteBackend, close })
}

/** Asked before each step that changes a server. */
export const confirmedBy = (managers: { readonly group: Pick<Group<Command>, 'confirm'> } | null): Promise<Reason | null> => managers?.group.confirm() ?? Promise.resolve(raftReason('raft-stopped', { self: '' }))

/** In a Raft group every member reads all servers; what recovers asks each time whether it leads. */
export const memberDuty = (discovery: Pick<Discovery, 'start'>, recovery: Pick<RecoveryEngine, 'start' | 'stop'>): Duty => ({
  isOn: true,
  takeUp: () => Promise.resolve(),
  start: () => {
    discovery.start()
    return recovery.start()
  },
  stop: () => recovery.stop(),
})

const memoryTopic = 'memory'
const memoryAskMilliseconds = 1500
/** So long after its start a leader waits for members that do not answer, before the group's memory is chosen among those that do. */
const memoryWaitMilliseconds = 15_000

/** How much a database remembers of what a group shares. */
const lettersOf = async (store: Store): Promise<number> => JSON.stringify(await store.shared.dump()).length

/** The first leader's memory becomes the group's, and takes the place of what others have: so whoever remembers most leads first. */
async function letRicherLead(group: RaftGroup<Command>, store: Store, log: Log, sinceStart: number): Promise<void> {
  const { members, self, leader } = group.standing()
  const no = (text: string): NotProposed => new NotProposed({ kind: 'no-leader', leader, text })
  const asked = await Promise.all(members.filter(({ name, votes }) => votes && name !== self).map(async ({ name }) => ({ name, answer: await group.ask(name, memoryTopic, null, memoryAskMilliseconds) })))
  const silent = asked.filter(({ answer }) => !answer.ok).map(({ name }) => name)
  if (silent.length > 0 && sinceStart < memoryWaitMilliseconds) throw no(`the group has no memory yet: ${silent.join(', ')} could not be asked what it remembers`)
  const own = await lettersOf(store)
  const [richest] = asked.flatMap(({ name, answer }) => (answer.ok && typeof answer.value === 'number' ? [{ name, letters: answer.value }] : [])).toSorted((one, other) => other.letters - one.letters)
  if (richest === undefined || richest.letters <= own) return
  log.info('another member remembers more, and leads first', { member: richest.name, letters: richest.letters, own })
  await group.stepAside(richest.name)
  throw no(`the group has no memory yet: ${richest.name} remembers more than this member, and leads first`)
}

const seenTopic = 'sees'
const seen = { asksMilliseconds: 1500, looksMilliseconds: 1200, lookMilliseconds: 20, freshMilliseconds: 3000, replicasMax: 32 }

/** A group whose members can ask each other. */
type AskingGroup = Pick<RaftGroup<Command>, 'standing' | 'ask' | 'answer'>

/** Whether a majority of the members sees a failure, asked of them when one is found. */
export const agreementIn = (group: AskingGroup, clock: Clock): Agreement => new Agreement({
  clock, self: group.standing().self, voters: () => group.standing().members.filter(({ votes }) => votes).map(({ name }) => name),
  ask: async (name, question) => {
    const answered = await group.ask(name, seenTopic, { ...question }, seen.asksMilliseconds)
    return answered.ok && typeof answered.value === 'boolean' ? answered.value : null
  },
})

/** The other side: what this member has not seen a moment ago it looks at now. */
export function answerWhatIsSeen(group: AskingGroup, { findings, inventory, discovery, clock }: {
  readonly findings: Pick<CurrentFindings, 'list'>
  readonly inventory: Pick<Inventory, 'get' | 'topology'>
  readonly discovery: Pick<Discovery, 'readAgain'>
  readonly clock: Clock
}): void {
  group.answer(seenTopic, async (_, body) => {
    const question = readSeenQuestion(body)
    const { key } = question
    const sees = (): boolean => {
      const instance = inventory.get(key)
      if (instance === undefined || (instance.check.lastAttemptedAt ?? 0) < clock.now() - seen.freshMilliseconds) return false
      return seesThe(question, findings.list().find(finding => finding.key === key), isLastCheckValid(instance))
    }
    if (inventory.get(key) === undefined || sees()) return sees()
    const until = clock.monotonic() + seen.looksMilliseconds
    void discovery.readAgain([key, ...inventory.topology.replicasOf(key).slice(0, seen.replicasMax).map(replica => replica.key)])
    while (!sees() && clock.monotonic() < until) await clock.sleep(seen.lookMilliseconds)
    return sees()
  })
}

const reachTopic = 'reaches'
const reach = { roundMilliseconds: 1000, asksMilliseconds: 1500 }

/** Answers how many servers this member reaches, and hands over the lead where another one reaches many more. Answers how to stop that. */
export function watchReach(group: AskingGroup & Pick<RaftGroup<Command>, 'stepAside' | 'isLeader'>, { inventory, clock, log }: {
  readonly inventory: Pick<Inventory, 'topology'>
  readonly clock: Clock
  readonly log: Log
}): () => void {
  const reaches = (): { reached: number; known: number } => {
    const instances = [...inventory.topology.instances.values()]
    return { reached: instances.filter(isLastCheckValid).length, known: instances.length }
  }
  group.answer(reachTopic, () => Promise.resolve(reaches().reached))
  const leader = new BlindLeader({
    clock, log, isLeader: () => group.isLeader(), reaches, stepAside: to => group.stepAside(to),
    others: () => group.standing().members.filter(({ votes, name }) => votes && name !== group.standing().self).map(({ name }) => name),
    ask: async name => {
      const answered = await group.ask(name, reachTopic, null, reach.asksMilliseconds)
      return answered.ok && typeof answered.value === 'number' ? answered.value : null
    },
  })
  return every(clock, reach.roundMilliseconds, () => void leader.round().catch((error: unknown) =>
    log.error('it could not be told whether another manager reaches more servers', { error: String(error) })))
}

/** Before the group is there nothing can be proposed. */
export const laterProposer = (managers: () => { readonly proposer: Proposer } | null): Proposer => ({
  propose: command => managers()?.proposer.propose(command) ?? Promise.reject(new NotProposed({ kind: 'stopped', leader: null, text: 'this manager has not started yet' })),
})

/** The name of this member as RaftNodes has it, and all names. An address in the one and a name in the other mean the same member when the name leads there. */
async function ownName({ bind, advertise, nodes, defaultPort }: RaftSettings): Promise<Result<{ readonly name: string; readonly names: readonly string[] }, string>> {
  const own = memberName(advertise === '' ? bind : advertise, defaultPort)
  const names = [...new Set((nodes ?? []).map(node => memberName(node, defaultPort)))]
  try {
    for (const name of [own, ...names]) splitAddress(name)
    if (names.length === 0 || names.includes(own)) return ok({ name: own, names: names.length === 0 ? [own] : names })
    const mine = await addressesOf(own)
    for (const name of names) {
      const theirs = splitAddress(name).port === splitAddress(own).port ? await addressesOf(name) : []
      if (theirs.some(address => mine.includes(address))) return ok({ name, names })
    }
  } catch (error) {
    return fail(`RaftBind, RaftAdvertise or RaftNodes: ${error instanceof Error ? error.message : String(error)}`)
  }
  return fail(`RaftNodes (${names.join(', ')}) does not name this member, ${own} (RaftAdvertise): all members stand there, this one included`)
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(splitAddress(name).host, { all: true })).map(({ address }) => address)
  } catch {
    return [] // a name that cannot be resolved now is not this machine's
  }
}

/** Where others reach the HTTP API of this manager. */
function ownUri({ settings, listenAddress, usesTls }: RaftWish, name: string): string | null {
  if (settings.httpAdvertise !== '') return settings.httpAdvertise
  const listens = parseListenAddress(listenAddress)
  const host = name.slice(0, name.lastIndexOf(':'))
  return listens.ok ? `${usesTls ? 'https' : 'http'}://${host}:${listens.value.port}` : null
}
