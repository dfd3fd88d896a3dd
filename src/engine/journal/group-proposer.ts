import type { Clock } from '../../ports/clock.ts'
import type { Group, GroupRefusal } from '../../ports/group.ts'
import type { Random } from '../../ports/random.ts'
import type { Command } from './commands.ts'
import type { Proposer } from './journal.ts'
import type { SharedWorld } from './shared-world.ts'

/** A change that did not come about, or of which nobody can tell. */
export class NotProposed extends Error {
  readonly refusal: GroupRefusal

  constructor(refusal: GroupRefusal) {
    super(refusal.text)
    this.refusal = refusal
  }
}

export interface GroupProposerParts {
  readonly group: Pick<Group<Command>, 'propose'>
  readonly world: Pick<SharedWorld, 'isUnnamed' | 'adoption'>
  readonly random: Pick<Random, 'hex'>
  readonly clock: Pick<Clock, 'sleep'>
  /** Asked before this member's memory becomes the group's; rejects where another member remembers more. */
  readonly beforeAdopting?: () => Promise<void>
}

/** The same change, with the same id, is asked for again so often while nobody can tell whether it came about. */
const attemptsMax = 3
const pauseMilliseconds = 200
const idBytes = 16

/** In a group: a change has come about when a majority has it and it is carried out here. The group's first change is the memory of its first leader. */
export class GroupProposer implements Proposer {
  readonly #parts: GroupProposerParts
  #adopting: Promise<void> | null = null

  constructor(parts: GroupProposerParts) {
    this.#parts = parts
  }

  async propose(command: Command): Promise<unknown> {
    if (this.#parts.world.isUnnamed) await this.adopt()
    return this.#propose(command)
  }

  /** Makes this member's memory the group's, where it has none yet. Rejects on others than the leader. */
  adopt(): Promise<void> {
    this.#adopting ??= this.#adopt().finally(() => (this.#adopting = null))
    return this.#adopting
  }

  async #adopt(): Promise<void> {
    const { world, random } = this.#parts
    if (!world.isUnnamed) return
    await this.#parts.beforeAdopting?.()
    for (const part of await world.adoption(random.hex(idBytes))) await this.#propose(part)
  }

  async #propose(command: Command): Promise<unknown> {
    const id = this.#parts.random.hex(idBytes)
    let unknown: GroupRefusal | null = null
    for (let attempt = 1; ; attempt += 1) { // ends after attemptsMax
      const answer = await this.#parts.group.propose(command, id)
      if (answer.ok) return answer.value
      // That another leads by now does not say what came of the first attempt.
      if (answer.failure.kind !== 'unknown') throw new NotProposed(unknown ?? answer.failure)
      unknown = answer.failure
      if (attempt === attemptsMax) throw new NotProposed(unknown)
      await this.#parts.clock.sleep(pauseMilliseconds)
    }
  }
}
