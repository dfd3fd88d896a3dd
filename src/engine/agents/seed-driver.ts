import { fail, ok, type Result } from '../../kit/result.ts'
import { type SeedAnswer, type SeedBeginning, type SeedEnd, type SeedOrder, seedRun } from '../../model/agents/seed.ts'
import { unreachable } from '../../kit/unreachable.ts'
import type { Seed } from '../../model/agents/seed-record.ts'
import type { AgentAddress, Agents as AgentClient } from '../../ports/agents.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import type { Agents } from './agents.ts'

export interface SeedDriverParts {
  readonly agents: Agents
  readonly client: Pick<AgentClient, 'lookAtCopy'>
  readonly store: Pick<Store, 'seeds'>
  readonly clock: Clock
  readonly log: Log
  readonly waitSecondsBeforeSend: number
}

/** Longest texts of the former columns: cut here, so that every database keeps the same. */
const [actionLetters, errorLetters] = [127, 255]

/** How it came to an end: by itself, or because whoever drives it was told to stop. */
export type DrivenTo = { readonly ended: SeedEnd } | 'stopped'

/** Carries out the orders of one seed, until it ends or the signal says to stop; nothing is begun after that. */
export class SeedDriver {
  readonly #parts: SeedDriverParts
  readonly #seed: Seed
  readonly #stop: AbortSignal
  /** What is under way at an agent then is not waited for: it may take as long as an agent may. */
  readonly #stopped: Promise<'stopped'>
  #row = 0

  constructor(parts: SeedDriverParts, seed: Seed, stop: AbortSignal) {
    this.#parts = parts
    this.#seed = seed
    this.#stop = stop
    this.#stopped = new Promise(resolve => stop.addEventListener('abort', () => resolve('stopped'), { once: true }))
  }

  async drive(from: SeedBeginning): Promise<DrivenTo> {
    const run = seedRun(this.#seed, { waitSecondsBeforeSend: this.#parts.waitSecondsBeforeSend }, from)
    let turn = run.next()
    while (turn.done !== true) { // the model ends every run: the only loop in it is a copy, which may not stand still
      if (this.#stop.aborted) return 'stopped'
      const answer = await Promise.race([this.#carryOut(turn.value), this.#stopped])
      if (answer === 'stopped') return 'stopped'
      turn = run.next(answer)
    }
    return { ended: turn.value }
  }

  /** The step of the last row failed, or was ended from outside. */
  async fail(text: string): Promise<void> {
    if (this.#row !== 0) await this.#parts.store.seeds.failStep(this.#row, text.slice(0, errorLetters))
  }

  async #carryOut(order: SeedOrder): Promise<SeedAnswer> {
    const { store, clock, agents, client } = this.#parts
    switch (order.order) {
      case 'row':
        this.#row = await store.seeds.step({ seed: this.#seed.id, at: clock.now(), action: order.text.slice(0, actionLetters), error: '' })
        return ok(null)
      case 'failed':
        await this.fail(order.text)
        return ok(null)
      case 'look':
        return this.#withAgent(order.at, agent => agents.look(agent))
      case 'command':
        return this.#withAgent(order.on, async agent => {
          const told = await agents.told(agent, order.command)
          return told.ok ? ok(null) : told
        })
      case 'background':
        void this.#inBackground(order)
        return ok(null)
      case 'wait':
        await clock.sleep(order.seconds * 1000, this.#stop)
        return ok(null)
      case 'look-at-copy':
        return this.#withAgent('target', agent => client.lookAtCopy(agent, this.#seed.id))
      case 'discover':
        await agents.discover(this.#seed.target, order.port)
        return ok(null)
      default:
        return unreachable(order)
    }
  }

  /** An agent may answer when everything is copied, or never: what it says is written beside the step and decides nothing; the copy is looked at. */
  async #inBackground({ on, command }: Extract<SeedOrder, { readonly order: 'background' }>): Promise<void> {
    const row = this.#row
    try {
      const told = await this.#withAgent(on, async agent => {
        const answer = await this.#parts.agents.told(agent, command)
        return answer.ok ? ok(null) : answer
      })
      if (!told.ok && !this.#stop.aborted) await this.#parts.store.seeds.failStep(row, told.failure.slice(0, errorLetters))
    } catch (error) {
      this.#parts.log.error('what an agent said of a copy could not be noted', { seed: this.#seed.id, text: String(error) })
    }
  }

  async #withAgent<Value>(side: 'target' | 'source', act: (agent: AgentAddress) => Promise<Result<Value, string>>): Promise<Result<Value, string>> {
    const record = await this.#parts.agents.record(this.#seed[side])
    return record.ok ? act(record.value) : fail(record.failure.text)
  }
}
