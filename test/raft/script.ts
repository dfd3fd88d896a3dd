import { snapshotMarkAt } from '../../src/model/raft/snapshots.ts'
import { startMember, type RaftState } from '../../src/model/raft/state.ts'
import { step } from '../../src/model/raft/step.ts'
import type { Entry, Input, MemberId, Message, Output, RaftPolicy, Save } from '../../src/model/raft/types.ts'
import { Disk, partsOf } from './disk.ts'

const policyAtFirst: RaftPolicy = {
  electionTicks: 10, heartbeatTicks: 2, storageStallTicks: 20, entriesPerAppendMax: 8, bytesPerAppendMax: 400, appendsInFlightMax: 4,
  uncommittedBytesMax: 400, readsPendingMax: 2, learnerLagMax: 2, votersMax: 5,
}

interface Member {
  readonly id: MemberId
  disk: Disk
  state: RaftState
  isAlive: boolean
  /** The disk takes writes and does not say that they are done. */
  isHolding: boolean
  saves: Save[]
  held: { readonly message: Message; readonly after: number }[]
  applied: string[]
  random: number
}

const text = (entry: Entry): string => (entry.kind === 'command' ? Buffer.from(entry.data).toString() : entry.kind === 'nothing' ? '-' : '*')

/**
 * A few members, led by hand: nothing moves that a line of the script does not move. Disks write at once unless they are told to hold. Members have been
 * running for an election time when a script begins.
 */
export class ScriptedCluster {
  readonly members = new Map<string, Member>()
  readonly answers = new Map<string, string>()
  readonly notices: string[] = []
  readonly #cuts = new Set<string>()
  #letters: Message[] = []
  #policy = policyAtFirst

  run(line: string): void {
    const [verb = '', ...words] = line.trim().split(/\s+/)
    const act = this.#verbs[verb]
    if (act === undefined) throw new Error(`no such command: ${verb}`)
    act(words)
    for (const member of this.members.values()) this.#sync(member)
  }

  readonly #verbs: Readonly<Record<string, (words: readonly string[]) => void>> = {
    policy: ([name = '', value]) => { this.#policy = { ...this.#policy, [name]: Number(value) } },
    members: words => { for (const name of words) this.#create(name, words) },
    empty: names => { for (const name of names) this.#create(name, []) },
    random: ([name = '', value]) => { this.#member(name).random = Math.floor(Number(value) * 2 ** 32) },
    tick: ([names = '', count = '1']) => { for (const member of this.#several(names)) for (let turn = 0; turn < Number(count); turn += 1) this.#time(member, 1) },
    pass: ([name = '', count]) => this.#time(this.#member(name), Number(count)),
    campaign: ([name = '']) => this.#take(this.#member(name), { kind: 'campaign' }),
    propose: ([name = '', ...texts]) => this.#take(this.#member(name), { kind: 'propose', proposals: texts.map(id => ({ id, data: Buffer.from(id) })) }),
    read: ([name = '', ...ids]) => this.#take(this.#member(name), { kind: 'read', ids }),
    transfer: ([name = '', to = '']) => this.#take(this.#member(name), { kind: 'transfer', to: to as MemberId }),
    change: ([name = '', id = '', ...words]) => this.#take(this.#member(name), { kind: 'change-members', id, voters: after(words, 'voters'), learners: after(words, 'learners') }),
    snapshot: ([name = '', keep = '0']) => this.#snapshot(this.#member(name), Number(keep)),
    lose: ([name = '']) => { this.#member(name).disk.snapshot = { mark: { index: -1, term: -1, configuration: { voters: [], outgoing: [], learners: [] } }, bytes: new Uint8Array(0) } },
    deliver: ([way]) => this.#deliver(way),
    turn: ([way = '']) => { this.#letters = [...this.#letters.filter(letter => !isOn(letter, way)), ...this.#letters.filter(letter => isOn(letter, way)).toReversed()] },
    repeat: ([way = '']) => { this.#letters.push(...this.#letters.filter(letter => isOn(letter, way))) },
    drop: ([way = '']) => { this.#letters = this.#letters.filter(letter => !isOn(letter, way)) },
    cut: ways => { for (const way of ways) this.#cuts.add(way) },
    heal: () => this.#cuts.clear(),
    hold: ([name = '']) => { this.#member(name).isHolding = true },
    release: ([name = '']) => { this.#member(name).isHolding = false },
    crash: ([name = '', , parts = '0']) => this.#crash(this.#member(name), Number(parts)),
    restart: ([name = '']) => this.#restart(this.#member(name)),
    expect: words => this.#expect(words),
  }

  #expect(words: readonly string[]): void {
    const [who = '', what = '', ...rest] = words
    const isSame = (found: string, wanted: string): void => { if (found !== wanted) throw new Error(`expected ${wanted}, found ${found}`) }
    if (who === 'answer') return isSame(this.answers.get(what) ?? 'none', rest.join(' '))
    if (who === 'notice') return isSame(this.notices.at(-1) ?? 'none', [what, ...rest].join(' '))
    if (who === 'waiting') return isSame(this.#letters.filter(letter => isOn(letter, what)).map(describe).join(' ') || 'nothing', rest.join(' '))
    for (const member of this.#several(who)) {
      const { state, disk, applied } = member
      const { configuration } = state.log
      const facts: Readonly<Record<string, string>> = {
        leader: state.role, follower: state.role, candidate: state.role, 'pre-candidate': state.role,
        term: `${state.term}`, commit: `${state.commit}`, durable: `${state.durable}`, knows: state.leader ?? 'nobody', vote: state.votedFor ?? 'nobody',
        log: state.log.slice(state.log.before + 1, Infinity, Infinity).map(entry => `${entry.term}${text(entry)}`).join(' ') || 'nothing',
        before: `${state.log.before}`, snapshot: `${state.snapshot.index}`, 'snapshot-learners': state.snapshot.configuration.learners.join(' ') || 'nobody', applied: applied.join(' ') || 'nothing',
        disk: disk.entries.map(entry => `${entry.term}${text(entry)}`).join(' ') || 'nothing', 'disk-term': `${disk.hardState.term}`,
        voters: configuration.voters.join(' ') || 'nobody', outgoing: configuration.outgoing.join(' ') || 'nobody', learners: configuration.learners.join(' ') || 'nobody',
      }
      const found = facts[what]
      if (found === undefined) throw new Error(`nothing is known of ${what}`)
      isSame(`${member.id} ${what} ${found}`, `${member.id} ${what} ${['leader', 'follower', 'candidate', 'pre-candidate'].includes(what) ? what : rest.join(' ')}`)
    }
  }

  #create(name: string, voters: readonly string[]): void {
    const disk = new Disk({ index: 0, term: 0, configuration: { voters: voters as MemberId[], outgoing: [], learners: [] } })
    const id = name as MemberId // a script's names are its identities
    // Each waits a little longer than the one before it, so that ten ticks without a leader make nobody campaign, but let everyone vote.
    const random = Math.min(0.99, 0.15 * (this.members.size + 1)) * 2 ** 32
    const member = { id, disk, state: startMember(id, disk.stored(0), this.#policy, 2 ** 32 - 1), isAlive: true, isHolding: false, saves: [], held: [], applied: [], random }
    this.members.set(name, member)
    this.#time(member, this.#policy.electionTicks)
  }

  #member(name: string): Member {
    const member = this.members.get(name)
    if (member === undefined) throw new Error(`no such member: ${name}`)
    return member
  }

  #several(names: string): readonly Member[] {
    return names === 'all' ? [...this.members.values()].filter(({ isAlive }) => isAlive) : names.split(',').map(name => this.#member(name))
  }

  #time(member: Member, count: number): void {
    this.#take(member, { kind: 'tick', count, random: member.random })
  }

  #take(member: Member, input: Input): void {
    if (!member.isAlive) throw new Error(`${member.id} is not running`)
    const { state, output } = step(member.state, input)
    member.state = state
    if (output.save !== null) member.saves.push(output.save)
    for (const { message, after: number } of output.messages) {
      if (number > state.savesDone) member.held.push({ message, after: number })
      else this.#letters.push(message)
    }
    this.#note(member, output)
    this.#apply(member, output)
    for (const { to, index, offset } of output.pieces) {
      const { mark, bytes } = member.disk.snapshot
      const data = mark.index === index ? bytes.subarray(offset, offset + 4) : null
      this.#take(member, { kind: 'piece-read', to, index, offset, data, isLast: offset + 4 >= bytes.length })
    }
  }

  #note(member: Member, output: Output): void {
    for (const answer of [...output.proposals, ...output.members, ...output.reads]) {
      this.answers.set(answer.id, 'refusal' in answer ? answer.refusal : 'term' in answer ? `${answer.index} in term ${answer.term}` : `${answer.index}`)
    }
    for (const notice of output.notices) {
      if (notice.kind === 'role') this.notices.push(`${member.id} ${notice.role} ${notice.why}`)
      else if (notice.kind === 'transfer-refused') this.notices.push(`${member.id} ${notice.refusal}`)
      else if (notice.kind !== 'leader') this.notices.push(`${member.id} ${notice.kind}`)
    }
  }

  #apply(member: Member, { restore, committed }: Output): void {
    if (restore !== null) member.applied = Buffer.from(member.disk.snapshot.bytes).toString().split(' ').filter(word => word !== '')
    for (const entry of committed) if (entry.kind === 'command') member.applied.push(text(entry))
  }

  #snapshot(member: Member, keep: number): void {
    const mark = snapshotMarkAt(member.state, member.state.handedOver)
    if (mark === null) throw new Error(`${member.id} has nothing to take a snapshot of`)
    member.disk.snapshot = { mark, bytes: Buffer.from(member.applied.join(' ')) }
    this.#take(member, { kind: 'snapshot-taken', index: mark.index, keepEntries: keep })
  }

  #sync(member: Member): void {
    while (member.isAlive && !member.isHolding && member.saves.length > 0) {
      const saves = member.saves.splice(0)
      for (const save of saves) member.disk.write(save)
      const upTo = saves.at(-1)?.number ?? 0
      this.#letters.push(...member.held.filter(({ after: number }) => number <= upTo).map(({ message }) => message))
      member.held = member.held.filter(({ after: number }) => number > upTo)
      this.#take(member, { kind: 'saved', upTo })
    }
  }

  /** Everything until nothing moves any more; or only what waits on one way now. */
  #deliver(way: string | undefined): void {
    for (let round = 0; round < 1000; round += 1) {
      const due = this.#letters.filter(letter => way === undefined || isOn(letter, way))
      this.#letters = this.#letters.filter(letter => !due.includes(letter))
      if (due.length === 0) return
      for (const letter of due) {
        const to = this.members.get(letter.to)
        if (to === undefined || !to.isAlive || this.#cuts.has(`${letter.from}>${letter.to}`) || this.#cuts.has(letter.to) || this.#cuts.has(letter.from)) continue
        this.#take(to, { kind: 'message', message: letter })
        this.#sync(to)
      }
      for (const member of this.members.values()) this.#sync(member)
      if (way !== undefined) return
    }
    throw new Error('the members never came to rest')
  }

  #crash(member: Member, parts: number): void {
    let left = parts
    for (const save of member.saves) {
      member.disk.write(save, left)
      left = Math.max(0, left - partsOf(save))
    }
    Object.assign(member, { isAlive: false, isHolding: false, saves: [], held: [] })
  }

  #restart(member: Member): void {
    member.isAlive = true
    const bytes = Buffer.from(member.disk.snapshot.bytes).toString()
    member.applied = bytes === '' ? [] : bytes.split(' ')
    member.state = startMember(member.id, member.disk.stored(0), this.#policy, member.random)
  }
}

function after(words: readonly string[], word: string): readonly MemberId[] {
  const place = words.indexOf(word)
  if (place < 0) return []
  const rest = words.slice(place + 1)
  const end = rest.findIndex(next => next === 'voters' || next === 'learners')
  return (end < 0 ? rest : rest.slice(0, end)) as MemberId[] // a script's names are its identities
}

function isOn({ from, to }: Message, way: string): boolean {
  const [left = '', right = ''] = way.split('>')
  return (left === '*' || left === from) && (right === '*' || right === to)
}

function describe(message: Message): string {
  switch (message.kind) {
    case 'vote-reply': case 'pre-vote-reply': return `${message.kind}:${message.granted ? 'yes' : 'no'}`
    case 'append': return `append:${message.entries.length}`
    case 'append-reply': return message.accepted ? `matched:${message.matched}` : `refused:${message.previousIndex}`
    case 'snapshot-piece': return `piece:${message.offset}`
    case 'snapshot-reply': return message.isInstalled ? `installed:${message.index}` : `next:${message.nextOffset}`
    default: return message.kind
  }
}
