import type { Json } from '../../ports/group.ts'
import type { Place, StateMachine } from './state-machine.ts'

/** What a member proposes. `id` is the proposer's own and new: the same one twice is carried out once, so that an unknown outcome may be asked for again. */
export interface Proposal<Command> {
  readonly id: string
  /** The member that proposed it, and its clock: told to those who read the record, never decided upon. */
  readonly by: string
  readonly at: number
  readonly command: Command
}

/** One kind of command. `apply` may depend only on its arguments and on what was applied before. */
export type Apply<World, Command> = (command: Command, world: World, place: Place, proposal: Omit<Proposal<Command>, 'command'>) => Promise<Json>

/** How each command is applied. A kind that is missing does not compile. */
export type CommandTable<World, Command extends { readonly do: string }> = { readonly [Kind in Command['do']]: Apply<World, Extract<Command, { readonly do: Kind }>> }

/** The shared memory as a whole: what a snapshot holds. */
export interface Dumped<World> {
  readonly world: World
  dump(): Promise<Json>
  /** Forgets everything else. */
  load(dumped: Json): Promise<void>
  /** Whatever commands `act` carries out are written together. */
  together(act: () => Promise<void>): Promise<void>
}

/** Answers of this many commands are kept, to be given again. More than can be under way in the time in which somebody asks again. */
const keptAnswers = 20_000
const formatVersion = 1

interface Snapshot {
  readonly format: number
  readonly answers: readonly (readonly [string, Json])[]
  readonly world: Json
}

/** Commands of a table as a state machine: decoded, carried out once each, and remembered. */
export class CommandMachine<World, Command extends { readonly do: string }> implements StateMachine {
  readonly #table: CommandTable<World, Command>
  readonly #memory: Dumped<World>
  #answers = new Map<string, Json>()

  constructor(table: CommandTable<World, Command>, memory: Dumped<World>) {
    this.#table = table
    this.#memory = memory
  }

  static encode<Command>(proposal: Proposal<Command>): Uint8Array {
    return Buffer.from(JSON.stringify(proposal))
  }

  async apply(place: Place, data: Uint8Array): Promise<Json> {
    const { command, ...proposal } = read<Proposal<Command>>(data)
    const answered = this.#answers.get(proposal.id)
    if (answered !== undefined) return answered
    const kind: string = command.do
    if (!Object.hasOwn(this.#table, kind)) throw new Error(`command ${JSON.stringify(kind)} at place ${place.index} is not known to this version`)
    // The key of the table is the command's own kind, which TypeScript cannot follow through a union.
    const act = this.#table[command.do as Command['do']] as unknown as Apply<World, Command>
    const answer = await act(command, this.#memory.world, place, proposal)
    this.#answers.set(proposal.id, answer)
    if (this.#answers.size > keptAnswers) for (const oldest of this.#answers.keys()) { this.#answers.delete(oldest); break } // a map keeps the order of insertion
    return answer
  }

  together(act: () => Promise<void>): Promise<void> {
    return this.#memory.together(act)
  }

  async snapshot(): Promise<Uint8Array> {
    const snapshot: Snapshot = { format: formatVersion, answers: [...this.#answers], world: await this.#memory.dump() }
    return Buffer.from(JSON.stringify(snapshot))
  }

  /** No bytes at all are the memory of a group that has just begun. */
  async restore(state: Uint8Array): Promise<void> {
    const snapshot: Snapshot = state.length === 0 ? { format: formatVersion, answers: [], world: null } : read<Snapshot>(state)
    if (snapshot.format !== formatVersion) throw new Error(`a snapshot of format ${snapshot.format}; this version reads format ${formatVersion}`)
    this.#answers = new Map(snapshot.answers)
    await this.#memory.load(snapshot.world)
  }
}

/** Only what a member of this group wrote gets here: disk and transport check every byte. */
const read = <Value>(bytes: Uint8Array): Value => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as Value
