import type { RaftState } from '../../src/model/raft/state.ts'
import type { Configuration, MemberId, Message, Save } from '../../src/model/raft/types.ts'
import type { Disk } from './disk.ts'

/** What a member, its disk and what waits for that disk are in one situation of a small world. */
export interface Place {
  readonly state: RaftState
  readonly disk: Disk
  readonly saves: readonly Save[]
  readonly held: readonly { readonly message: Message; readonly after: number }[]
}

/** How members are called in a text: by their own names, or with two of them changed over. */
export type Called = (member: MemberId) => string
const names = ['a', 'b', 'c'] as readonly string[] as readonly MemberId[] // ids are texts here
export const plainly: Called = member => member
export const mirrored: Called = member => (member === 'b' ? 'c' : member === 'c' ? 'b' : member)

const sorted = (members: readonly MemberId[], called: Called): string => members.map(called).toSorted().join('')
const configurationText = ({ voters, outgoing, learners }: Configuration, called: Called): string => `${sorted(voters, called)}/${sorted(outgoing, called)}/${sorted(learners, called)}`
const calledOrNone = (member: MemberId | null, called: Called): string => (member === null ? '-' : called(member))

type Entry = Save['entries'][number]
const entryText = (entry: Entry, called: Called): string =>
  `${entry.index}:${entry.term}${entry.kind === 'command' ? `=${entry.data.at(-1)}` : entry.kind === 'configuration' ? configurationText(entry.configuration, called) : ''}`
const entriesText = (entries: readonly Entry[], called: Called): string => entries.map(entry => entryText(entry, called)).join()
const logOf = ({ log }: RaftState): readonly Entry[] => Array.from({ length: log.lastIndex - log.before }, (_, place) => log.entry(log.before + 1 + place))
const voteText = ({ term, votedFor }: { readonly term: number; readonly votedFor: MemberId | null }, called: Called): string => `${term}${calledOrNone(votedFor, called)}`

/** Rounds of heartbeats are left out: only reads look at them, and nobody reads here. */
function writeMessage(message: Message, called: Called): string {
  const { kind, from, to, term, ...rest } = message
  const head = `${kind} ${called(from)}${called(to)}${term}`
  if ('entries' in rest) return `${head} ${rest.previousIndex}:${rest.previousTerm} ${entriesText(rest.entries, called)} ${rest.commit}`
  if (kind === 'heartbeat-reply') return head
  if (kind === 'heartbeat' && 'commit' in rest) return `${head} ${rest.commit}`
  return `${head} ${JSON.stringify(rest)}`
}

/** Times and numbers of saves count from now on. `longest`: ticks that are as good as more. */
function writePlace({ state, disk, saves, held }: Place, longest: number, called: Called): string {
  const ago = (at: number): number => Math.min(state.now - at, longest)
  const { leading } = state
  const byName = <Value>(values: ReadonlyMap<MemberId, Value>, text: (value: Value) => string): string => {
    const texts = [...values].map(([member, value]) => `${called(member)}${text(value)}`)
    return texts.toSorted().join(' ')
  }
  const flags = `${state.isMissed ? 'm' : ''}${state.isElectionByTransfer ? 't' : ''}`
  return [
    voteText(state, called), state.role, calledOrNone(state.leader, called), state.commit, state.handedOver, state.durable, Math.min(state.elapsed, longest), state.timeout, flags,
    state.leaderHeardAt === null ? '-' : ago(state.leaderHeardAt), entriesText(logOf(state), called), byName(state.votes, granted => String(granted)),
    state.ownVoteSave === null ? '-' : state.ownVoteSave - state.savesDone, state.unsaved.map(({ number, lastIndex }) => `${number - state.savesDone}:${lastIndex}`).join(),
    leading === null ? '-' : `${leading.sinceHeartbeat} ${leading.firstIndex} ${byName(leading.progress, progress =>
      `${progress.matched} ${progress.next} ${progress.mode} ${progress.inFlight.join()} ${progress.awaitsAnswer} ${ago(progress.heardAt)}`)}`,
    voteText(disk.hardState, called), entriesText(disk.entries, called),
    saves.map(save => `${save.number - state.savesDone}${save.hardState === null ? '' : voteText(save.hardState, called)}!${entriesText(save.entries, called)}`).join(),
    held.map(({ message, after }) => `${after - state.savesDone}${messageText(message, called)}`).join(),
  ].join('|')
}

/** Places and messages stay the same objects from one situation to the next: each is put into words once. */
function remembering<Item extends object>(write: (item: Item, called: Called) => string): (item: Item, called: Called) => string {
  const known = new Map<Called, WeakMap<Item, string>>([[plainly, new WeakMap()], [mirrored, new WeakMap()]])
  return (item, called) => {
    const texts = known.get(called)
    const text = texts?.get(item) ?? write(item, called)
    texts?.set(item, text)
    return text
  }
}

const messageText = remembering(writeMessage)

/** The same for situations from which the same may follow, but for how members are called. */
export class SituationText {
  readonly #placeText: (place: Place, called: Called) => string

  constructor(longest: number) {
    this.#placeText = remembering((place, called) => writePlace(place, longest, called))
  }

  of(places: ReadonlyMap<MemberId, Place>, onTheWay: readonly Message[], called: Called): string {
    const ofPlaces = names.map(name => [called(name), places.get(name)] as const).toSorted(([one], [other]) => (one < other ? -1 : 1))
    const texts = ofPlaces.map(([name, place]) => `${name}${place === undefined ? '' : this.#placeText(place, called)}`)
    return `${texts.join('\n')}\n${onTheWay.map(message => messageText(message, called)).toSorted().join('\n')}`
  }
}
