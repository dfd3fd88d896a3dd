import type { CommandTable, Dumped } from '../../../src/engine/raft/command-machine.ts'
import type { Json } from '../../../src/ports/group.ts'

/** A small shared memory for tests of the log: registers with put, append and compare-and-set. */
export type RegisterCommand =
  | { readonly do: 'put'; readonly key: string; readonly value: string }
  | { readonly do: 'append'; readonly key: string; readonly value: string }
  | { readonly do: 'compare-and-set'; readonly key: string; readonly was: string | null; readonly value: string }

export const registerCommands: CommandTable<Map<string, string>, RegisterCommand> = {
  'put': async ({ key, value }, world) => {
    world.set(key, value)
    return true
  },
  'append': async ({ key, value }, world) => {
    const now = `${world.get(key) ?? ''}${value},`
    world.set(key, now)
    return now.length
  },
  'compare-and-set': async ({ key, was, value }, world) => {
    if ((world.get(key) ?? null) !== was) return false
    world.set(key, value)
    return true
  },
}

export function registers(): Dumped<Map<string, string>> {
  const world = new Map<string, string>()
  return {
    world,
    dump: async () => [...world],
    together: act => act(),
    load: async (dumped: Json) => {
      world.clear()
      for (const [key, value] of (dumped ?? []) as readonly [string, string][]) world.set(key, value) // dumped above
    },
  }
}
