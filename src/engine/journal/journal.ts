import type { Command, CommandOf, AnswerOf } from './commands.ts'
import { carryOut } from './commands.ts'
import type { World } from './world.ts'

/** How a change of the shared memory comes about. Resolves to what it came to here; rejects when it did not come about, or nobody can tell. */
export interface Proposer {
  propose(command: Command): Promise<unknown>
}

/** These are stored and nothing else, so that one need not wait for another. What is also shown must be shown in the order in which it was stored. */
const free: ReadonlySet<Command['do']> = new Set<Command['do']>([
  'take-locks', 'release-locks', 'drop-dead-locks', 'take-lease', 'release-lease', 'suggest-candidate', 'suggest-alias', 'suggest-domain', 'note-injected', 'put-key-values',
  'set-attribute', 'register-detection', 'end-detections', 'register-recovery', 'update-recovery', 'acknowledge-recoveries', 'end-active-periods', 'append-recovery-step',
  'block-recovery', 'unblock-recoveries', 'begin-intent', 'step-intent', 'end-intent', 'take-over-intent', 'expire-pools', 'purge', 'put-tag', 'submit-pool',
  'issue-token', 'take-token', 'expire-tokens',
  'submit-agent', 'note-agent', 'expire-agents', 'put-host-attribute', 'begin-seed', 'append-seed-step', 'fail-seed-step', 'end-seed',
])

/** Without a group: each is carried out at once. */
export class AtOnce implements Proposer {
  readonly #world: World
  #last: Promise<unknown> = Promise.resolve()

  constructor(world: World) {
    this.#world = world
  }

  propose(command: Command): Promise<unknown> {
    if (free.has(command.do)) return carryOut(command, this.#world)
    const done = this.#last.then(() => carryOut(command, this.#world))
    // A command that failed does not hold up the next one; whoever proposed it is told.
    this.#last = done.catch(() => undefined)
    return done
  }
}

/** The one way to change what all managers remember. */
export class Journal {
  readonly #proposer: Proposer

  /** Without a proposer, which a group has, changes are carried out at once. */
  constructor(world: Omit<World, 'servers' | 'adopt'>, proposer: Proposer = new AtOnce({ ...world, servers: null, adopt: null })) {
    this.#proposer = proposer
  }

  /** Resolves when the command has been stored and shown; rejects when it was not, and then nothing was shown. */
  propose<Kind extends Command['do']>(command: CommandOf<Kind> & { readonly do: Kind }): Promise<AnswerOf<Kind>> {
    return this.#proposer.propose(command) as Promise<AnswerOf<Kind>> // the table's own answer, through JSON at most
  }
}
