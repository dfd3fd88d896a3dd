import type { OperationView } from '../../contract/views.ts'
import type { Reason } from '../../kit/reason.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { Clock } from '../../ports/clock.ts'
import type { StepEvent } from '../execution/plan-outcome.ts'
import { stepSays } from './views/plan-view.ts'

/** Ended runs that are kept for the tray. */
const keptEnded = 100
/** Runs at the same time; more are refused, so that no script can pile them up without end. */
export const runsMax = 50

export interface Run {
  readonly number: number
  step(event: StepEvent): void
  end(failure: Reason | null): void
}

/** The operations that run now and those that ended lately, with their steps. */
export class Runs {
  readonly #clock: Clock
  readonly #views = new Map<number, OperationView>()
  readonly #listeners = new Set<(view: OperationView) => void>()
  #next = 1

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get running(): number {
    return [...this.#views.values()].filter(view => view.state === 'running').length
  }

  /** Newest first. */
  list(): readonly OperationView[] {
    return [...this.#views.values()].toReversed()
  }

  onChange(listener: (view: OperationView) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  begin(name: string, says: Reason, by: string, servers: readonly string[], plan: Plan | null): Run {
    const number = this.#next++
    this.#set({
      number, name, says, by, startedAt: this.#clock.now(), endedAt: null, state: 'running', failure: null, servers,
      steps: (plan?.steps ?? []).map(planned => ({
        number: planned.number, server: planned.step.on, action: planned.step.do, state: 'waiting', milliseconds: null, failure: null,
        says: stepSays(planned.step), ifStoppedHere: planned.ifStoppedHere,
      })),
    })
    this.#forgetOldest()
    return { number, step: event => this.#step(number, event), end: failure => this.#end(number, failure) }
  }

  #step(number: number, event: StepEvent): void {
    const view = this.#views.get(number)
    if (view === undefined || event.undoing) return
    const steps = view.steps.map(step => {
      if (step.number !== event.number) return step
      if (event.state === 'running') return { ...step, state: 'running' as const }
      return { ...step, state: event.state, milliseconds: Math.round(event.milliseconds), failure: event.failure?.text ?? null }
    })
    this.#set({ ...view, steps })
  }

  #end(number: number, failure: Reason | null): void {
    const view = this.#views.get(number)
    if (view === undefined) return
    this.#set({ ...view, endedAt: this.#clock.now(), state: failure === null ? 'done' : 'failed', failure })
  }

  #set(view: OperationView): void {
    this.#views.set(view.number, view)
    for (const listener of this.#listeners) listener(view)
  }

  #forgetOldest(): void {
    const ended = [...this.#views.values()].filter(view => view.state !== 'running')
    for (const view of ended.slice(0, Math.max(0, ended.length - keptEnded))) this.#views.delete(view.number)
  }
}
