/** A seed as it is remembered and told. Times in ms since 1970. */
export interface Seed {
  readonly id: number
  readonly target: string
  readonly source: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly isComplete: boolean
  readonly isSuccessful: boolean
}

/** One step of it. */
export interface SeedState {
  readonly id: number
  readonly seed: number
  readonly at: number
  readonly action: string
  /** '' when it did not fail. */
  readonly error: string
}
