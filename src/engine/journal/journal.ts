import { type Command, commands, type World } from './commands.ts'

/** The order in which changes of the shared memory happen. Here: one after the other, as they come. */
export class Journal {
  readonly #world: World
  #last: Promise<void> = Promise.resolve()

  constructor(world: World) {
    this.#world = world
  }

  /** Resolves when the command has been stored and shown; rejects when the store failed, and then nothing was shown. */
  propose(command: Command): Promise<void> {
    const applied = this.#last.then(() => apply(command, this.#world))
    // A command that failed does not hold up the next one; whoever proposed it is told.
    this.#last = applied.catch(() => undefined)
    return applied
  }
}

function apply<Kind extends Command['do']>(command: Extract<Command, { readonly do: Kind }>, world: World): Promise<void> {
  // The key of the table is the command's own kind, which TypeScript cannot follow through a union.
  const act = commands[command.do] as (command: Extract<Command, { readonly do: Kind }>, world: World) => Promise<void>
  return act(command, world)
}
