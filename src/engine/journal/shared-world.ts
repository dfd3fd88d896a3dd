import type { Json } from '../../ports/group.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { SharedMemory } from '../../ports/shared-memory.ts'
import type { Apply, CommandTable, Dumped } from '../raft/command-machine.ts'
import type { AuditTrail } from './audit-trail.ts'
import { carryOut, type Command, commands } from './commands.ts'
import { readDecisions, tellDecisions } from './told-decisions.ts'
import { readingFromPlain } from './told-reading.ts'
import type { AdoptedPart, Remembered, World } from './world.ts'

/** What a member of a group holds in memory of what all remember. */
export interface GroupRemembered extends Remembered {
  /** A server that the group knows; one that is known already stays as it is. */
  addBare(key: InstanceKey): boolean
  /** What another manager read of a server that was never read here. */
  believe(told: Instance): boolean
}

export interface SharedWorldParts {
  readonly memory: SharedMemory
  readonly remembered: GroupRemembered
  readonly audit: Pick<AuditTrail, 'write'>
}

/** Told of each command after it was carried out here. `isNew`: not once more, after a restart. */
export type CarriedOutListener = (command: Command, answer: unknown, isNew: boolean) => void

interface WorldDump {
  readonly memory: Json
  readonly adopting: readonly AdoptedPart[]
}

/** The shared memory of this member: its tables, and what is shown of them. For `CommandMachine`, with `commandTable`. */
export class SharedWorld implements Dumped<SharedWorld> {
  readonly #parts: SharedWorldParts
  readonly #listeners = new Set<CarriedOutListener>()
  readonly #loadListeners = new Set<() => void>()
  readonly #world: World
  /** The memory of the founder, as far as it has come. */
  #adopting: AdoptedPart[] = []
  #isNew = true
  /** The newest place of what is written together; null: each command is written by itself. */
  #gathering: { upTo: number | null } | null = null

  constructor(parts: SharedWorldParts) {
    this.#parts = parts
    const { memory, remembered, audit } = parts
    this.#world = {
      get store() { return memory.store },
      remembered, audit: { write: (...entry) => { if (this.#isNew) audit.write(...entry) } },
      servers: {
        know: async (keys, readings) => {
          await memory.know(keys)
          for (const key of keys) remembered.addBare(key)
          for (const told of readings) {
            const read = readingFromPlain(told)
            if (read !== null) remembered.believe(read)
          }
        },
        forget: keys => memory.forget(keys),
      },
      adopt: part => this.#adopt(part),
    }
  }

  /** What `Dumped` asks for: commands are carried out in it. */
  get world(): SharedWorld {
    return this
  }

  /** Nobody's memory has been adopted yet: whoever leads proposes its own first (GroupProposer does). */
  get isUnnamed(): boolean {
    return this.#parts.memory.name === ''
  }

  onCarriedOut(listener: CarriedOutListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Everything was replaced. */
  onLoaded(listener: () => void): () => void {
    this.#loadListeners.add(listener)
    return () => this.#loadListeners.delete(listener)
  }

  async carryOut(command: Command, index: number, at: number): Promise<Json> {
    const { memory } = this.#parts
    const gathering = standAlone.has(command.do) ? null : this.#gathering
    if (gathering === null) await this.#commit()
    else if (gathering.upTo === null) await memory.gather()
    this.#isNew = index > memory.carriedOutTo
    memory.begin({ index, at })
    const answer: unknown = await carryOut(command, this.#world)
    if (gathering === null) await memory.carriedOut(index)
    else gathering.upTo = index
    for (const listener of this.#listeners) listener(command, answer, this.#isNew)
    return (answer ?? null) as Json // what commands answer is plain JSON (write-commands.ts)
  }

  async together(act: () => Promise<void>): Promise<void> {
    this.#gathering = { upTo: null }
    try {
      await act()
      await this.#commit()
    } catch (error) {
      await this.#parts.memory.discard().catch(() => undefined) // the first error is the one to tell
      throw error
    } finally {
      this.#gathering = null
    }
  }

  async #commit(): Promise<void> {
    const { upTo = null } = this.#gathering ?? {}
    if (upTo === null) return
    await this.#parts.memory.commit(upTo)
    this.#gathering = { upTo: null }
  }

  async dump(): Promise<Json> {
    return { memory: await this.#parts.memory.dump(), adopting: this.#adopting } satisfies Record<keyof WorldDump, unknown> as unknown as Json // parts are plain JSON
  }

  async load(dumped: Json): Promise<void> {
    const dump = dumped as unknown as WorldDump | null // written by `dump`; the machine has checked the format
    this.#adopting = [...dump?.adopting ?? []]
    await this.#loadMemory(dump?.memory ?? null)
  }

  /** One's own memory as commands that make it the group's. */
  async adoption(name: string): Promise<readonly Command[]> {
    const text = JSON.stringify(await this.#parts.memory.dump())
    const parts = Math.max(1, Math.ceil(text.length / partLetters))
    return Array.from({ length: parts }, (_, part) => ({ do: 'adopt-memory', part: { name, part, parts, text: text.slice(part * partLetters, (part + 1) * partLetters) } }) as const)
  }

  /** Only whole, and only the first: whoever lost its leadership in the midst of it is followed by one who begins anew. */
  async #adopt(part: AdoptedPart): Promise<void> {
    if (!this.isUnnamed) return
    if (part.part === 0) this.#adopting = []
    if (part.part !== this.#adopting.length || this.#adopting.some(({ name }) => name !== part.name)) return
    this.#adopting.push(part)
    if (this.#adopting.length < part.parts) return
    const memory = JSON.parse(this.#adopting.map(({ text }) => text).join('')) as Record<string, Json> // a dump of `memory`, an object
    this.#adopting = []
    await this.#loadMemory({ ...memory, name: part.name })
  }

  async #loadMemory(memory: Json): Promise<void> {
    const { memory: tables, remembered } = this.#parts
    const before = await readDecisions(tables.store)
    await tables.load(memory)
    tellDecisions(before, await readDecisions(tables.store), remembered)
    // Servers that are not in it stay: they were found since, and only a decision forgets one.
    for (const key of await tables.known()) remembered.addBare(key)
    for (const listener of this.#loadListeners) listener()
  }
}

/** They wait for what is each member's own, or replace everything. */
const standAlone: ReadonlySet<Command['do']> = new Set<Command['do']>(['forget', 'adopt-memory'])

/** In UTF-8 at most three times as many bytes, below what every log takes as one entry. */
const partLetters = 256 * 1024

/** For `CommandMachine`: every kind of command, carried out at its place. */
export const commandTable: CommandTable<SharedWorld, Command> = Object.fromEntries(Object.keys(commands).map(kind => {
  const apply: Apply<SharedWorld, Command> = (command, world, { index }, { at }) => world.carryOut(command, index, at)
  return [kind, apply]
})) as unknown as CommandTable<SharedWorld, Command> // one entry for each key of the table of commands, which fromEntries forgets
