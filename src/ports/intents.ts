import type { Plan } from '../model/planning/plan.ts'
import type { LeaseHolder } from './leases.ts'

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
  /** Who carries it out; null: it was written down before that was kept. */
  readonly process: LeaseHolder | null
  readonly steps: ReadonlyMap<number, IntentStepState>
  /** What steps that read a set or a place had read, by their number: reading it again would find the servers elsewhere. */
  readonly bound: ReadonlyMap<number, string>
}

/** Where intents are kept between runs of the program. */
export interface Intents {
  begin(intent: Omit<Intent, 'id' | 'steps' | 'bound' | 'process'> & { readonly process?: LeaseHolder }): Promise<number>
  step(id: number, number: number, state: IntentStepState, bound?: string): Promise<void>
  end(id: number, state: 'done' | 'failed' | 'undone'): Promise<void>
  /** Begun and not ended, oldest first. */
  open(): Promise<readonly Intent[]>
  /** From a process that is gone; false: it has ended, or somebody else was quicker. */
  takeOver(intent: Pick<Intent, 'id' | 'process'>, process: LeaseHolder): Promise<boolean>
  /** Open, and nobody has taken it over. */
  isOwn(id: number, process: LeaseHolder): Promise<boolean>
  /** As for leases: while it cannot be asked, somebody on another machine may have taken over. */
  readonly isShared: boolean
}
