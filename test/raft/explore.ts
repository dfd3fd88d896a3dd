import { step } from '../../src/model/raft/step.ts'
import { type Bounds, SmallWorld } from './small-world.ts'

export interface Explored {
  /** Situations that differ. */
  readonly states: number
  readonly moves: number
  /** Whether there are no others within the bounds. */
  readonly isWhole: boolean
  /** The shortest way to a broken invariant. */
  readonly broken: { readonly what: string; readonly way: readonly string[] } | null
}

interface Known {
  readonly world: SmallWorld
  readonly says: string
  readonly before: Known | null
}

/** Everything that can happen to three members within the bounds, breadth first, each situation once. `stepped`: another core, with a mistake perhaps. */
export function explore(bounds: Bounds, statesMax: number, stepped: typeof step = step, tell: (states: number, depth: number) => void = () => undefined): Explored {
  const begin = SmallWorld.begin(bounds, stepped)
  const seen = new Set([begin.key])
  let frontier: Known[] = [{ world: begin, says: 'one of three members leads', before: null }]
  let moves = 0
  for (let depth = 0; frontier.length > 0; depth += 1) {
    tell(seen.size, depth)
    const next: Known[] = []
    while (frontier.length > 0) { // taken off one by one, so that what was looked at can be forgotten
      const known = frontier.pop()
      if (known === undefined) break
      for (const { says, world } of known.world.next()) {
        moves += 1
        let after: SmallWorld
        try {
          after = world()
        } catch (error) {
          return { states: seen.size, moves, isWhole: false, broken: { what: error instanceof Error ? error.message : String(error), way: [...wayTo(known), says] } }
        }
        const { key } = after
        if (seen.has(key)) continue
        seen.add(key)
        if (seen.size >= statesMax) return { states: seen.size, moves, isWhole: false, broken: null }
        next.push({ world: after, says, before: known })
      }
    }
    frontier = next
  }
  return { states: seen.size, moves, isWhole: true, broken: null }
}

function wayTo(known: Known): readonly string[] {
  const way: string[] = []
  for (let at: Known | null = known; at !== null; at = at.before) way.unshift(at.says)
  return way
}
