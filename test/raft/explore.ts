import { step } from '../../src/model/raft/step.ts'
import { SituationTable } from './situation-table.ts'
import { type Bounds, SmallWorld } from './small-world.ts'

export interface Explored {
  /** Situations that differ. */
  readonly states: number
  readonly moves: number
  /** Moves from the beginning to the farthest that was looked at. */
  readonly depth: number
  /** Whether there are no others within the bounds. */
  readonly isWhole: boolean
  /** A way to a broken invariant: the shortest, where the nearest situations are looked at first. */
  readonly broken: { readonly what: string; readonly way: readonly string[] } | null
}

export interface Exploring {
  readonly statesMax: number
  /** Another core, with a mistake perhaps. */
  readonly stepped?: typeof step
  /** `nearest`: the shortest way to a mistake, and much memory. `deepest`: memory for little more than a mark of each situation, to look at all of many millions. */
  readonly first: 'nearest' | 'deepest'
  readonly tell?: (states: number, depth: number) => void
}

const tellsEvery = 100_000
const beginning = 'one of three members leads'

/** Everything that can happen to three members within the bounds, each situation once. */
export function explore(bounds: Bounds, { statesMax, stepped = step, first, tell = () => undefined }: Exploring): Explored {
  const begin = SmallWorld.begin(bounds, stepped)
  const met = new SituationTable()
  met.add(begin.key)
  const walk = new Walk(met, statesMax, tell)
  return first === 'nearest' ? nearestFirst(begin, walk) : deepestFirst(begin, walk)
}

/** What every walk counts, and when it is over. */
class Walk {
  readonly #met: SituationTable
  readonly #statesMax: number
  readonly #tell: (states: number, depth: number) => void
  moves = 0
  depth = 0

  constructor(met: SituationTable, statesMax: number, tell: (states: number, depth: number) => void) {
    this.#met = met
    this.#statesMax = statesMax
    this.#tell = tell
  }

  get isOver(): boolean {
    return this.#met.size >= this.#statesMax
  }

  /** The situation after a move, null where it was met already; or what is broken in it. */
  move(make: () => SmallWorld, depth: number): { readonly world: SmallWorld | null } | { readonly what: string } {
    this.moves += 1
    try {
      const world = make()
      if (!this.#met.add(world.key)) return { world: null }
      this.depth = Math.max(this.depth, depth)
      if (this.#met.size % tellsEvery === 0) this.#tell(this.#met.size, depth)
      return { world }
    } catch (error) {
      return { what: error instanceof Error ? error.message : String(error) }
    }
  }

  ended(how: Pick<Explored, 'isWhole' | 'broken'>): Explored {
    return { states: this.#met.size, moves: this.moves, depth: this.depth, ...how }
  }
}

interface Known {
  readonly world: SmallWorld
  readonly says: string
  readonly before: Known | null
}

function nearestFirst(begin: SmallWorld, walk: Walk): Explored {
  let frontier: Known[] = [{ world: begin, says: beginning, before: null }]
  for (let depth = 1; frontier.length > 0; depth += 1) {
    const next: Known[] = []
    for (let known = frontier.pop(); known !== undefined; known = frontier.pop()) { // taken off one by one, so that what was looked at can be forgotten
      for (const { says, world } of known.world.next()) {
        const moved = walk.move(world, depth)
        if ('what' in moved) return walk.ended({ isWhole: false, broken: { what: moved.what, way: [...wayTo(known), says] } })
        if (walk.isOver) return walk.ended({ isWhole: false, broken: null })
        if (moved.world !== null) next.push({ world: moved.world, says, before: known })
      }
    }
    frontier = next
  }
  return walk.ended({ isWhole: true, broken: null })
}

function wayTo(known: Known): readonly string[] {
  const way: string[] = []
  for (let at: Known | null = known; at !== null; at = at.before) way.unshift(at.says)
  return way
}

function deepestFirst(begin: SmallWorld, walk: Walk): Explored {
  const way = [{ says: beginning, moves: begin.next() }]
  for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
    const { value: move, done } = last.moves.next()
    if (done === true) {
      way.pop()
      continue
    }
    const moved = walk.move(move.world, way.length)
    if ('what' in moved) return walk.ended({ isWhole: false, broken: { what: moved.what, way: [...way.map(({ says }) => says), move.says] } })
    if (walk.isOver) return walk.ended({ isWhole: false, broken: null })
    if (moved.world !== null) way.push({ says: move.says, moves: moved.world.next() })
  }
  return walk.ended({ isWhole: true, broken: null })
}
