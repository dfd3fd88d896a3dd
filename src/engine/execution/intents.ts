import type { Plan } from '../../model/planning/plan.ts'

/** A plan that was begun, as remembered: what a crash in its middle leaves behind. */
export interface Intent {
  readonly id: number
  readonly plan: Plan
  readonly by: string
  /** '' when no recovery asked for it. */
  readonly recoveryUid: string
  readonly startedAt: number
  /** Step number → how far it came: `begun` may or may not have reached the server. */
  readonly steps: ReadonlyMap<number, 'begun' | 'done' | 'failed' | 'skipped'>
}

/** Where intents are kept between runs of the program. */
export interface Intents {
  begin(intent: Omit<Intent, 'id' | 'steps'>): Promise<number>
  step(id: number, number: number, state: 'begun' | 'done' | 'failed' | 'skipped'): Promise<void>
  end(id: number, state: 'done' | 'failed' | 'undone'): Promise<void>
  /** Begun and not ended, oldest first. */
  open(): Promise<readonly Intent[]>
}
