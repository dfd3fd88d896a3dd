import type { Place } from '../model/planning/by-equivalence.ts'

/** Two places of different logs that are the same: whatever comes after one comes after the other. */
export type SamePlaces = readonly [Place, Place]

/** Pairs of places that changes of sources found out. Times in ms since 1970. */
export interface EquivalenceStore {
  /** Remembers a pair that is known for certain; also where the original looks for it. */
  record(pair: SamePlaces, at: number): Promise<void>
  /** The newest pairs that we know for certain, newest first. Those that the original wrote may not be true, and are none of them. */
  certain(most: number): Promise<readonly SamePlaces[]>
  /** Every place that is written down as the same as this one, by whomever. */
  find(place: Place): Promise<readonly Place[]>
  /** Drops what was found before. */
  expire(before: number): Promise<void>
}
