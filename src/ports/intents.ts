import type { Plan } from '../model/planning/plan.ts'

/** How far a step came: `begun` may or may not have reached the server. */
export type IntentStepState = 'begun' | 'done' | 'failed' | 'skipped'

/** A plan that was begun, as remembered: what a crash in its middle leaves behind. */
export interface Intent {
  readonly id: number
  readonly plan: Plan
  readonly by: string
  /** '' when no recovery asked for it. */
  readonly recoveryUid: string
  readonly startedAt: number
  readonly steps: ReadonlyMap<number, IntentStepState>
  /** What steps that read a set or a place had read, by their number: reading it again would find the servers elsewhere. */
  readonly bound: ReadonlyMap<number, string>
}

/** Where intents are kept between runs of the program. */
export interface Intents {
  begin(intent: Omit<Intent, 'id' | 'steps' | 'bound'>): Promise<number>
  step(id: number, number: number, state: IntentStepState, bound?: string): Promise<void>
  end(id: number, state: 'done' | 'failed' | 'undone'): Promise<void>
  /** Begun and not ended, oldest first. */
  open(): Promise<readonly Intent[]>
}
