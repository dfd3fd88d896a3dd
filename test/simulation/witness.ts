import type { Step } from '../../src/model/planning/step.ts'
import type { ServerFailure } from '../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { MysqlModel } from './mysql-model.ts'
import { Numbers } from './numbers.ts'
import type { StepWitness } from './simulated-servers.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface MadeWritable {
  readonly server: InstanceKey
  readonly at: number
}

/** Looks at every step as the server sees it: nothing is thrown away (I5), nobody follows with rows of its own (I6), no option changes (I12). */
export class Witness implements StepWitness {
  readonly broken: string[] = []
  readonly madeWritable: MadeWritable[] = []
  readonly #clock: VirtualClock
  readonly #all: ReadonlyMap<InstanceKey, MysqlModel>
  readonly #tell: (line: string) => void
  readonly #listeners: ((step: Step) => void)[] = []
  readonly #heldBefore = new Map<InstanceKey, { readonly held: Numbers; readonly life: number; readonly options: string; readonly source: InstanceKey | null }>()

  constructor(clock: VirtualClock, all: ReadonlyMap<InstanceKey, MysqlModel>, tell: (line: string) => void) {
    this.#clock = clock
    this.#all = all
    this.#tell = tell
  }

  /** Told of each step after the server has done it, before anybody hears its answer. */
  onStep(listener: (step: Step) => void): void {
    this.#listeners.push(listener)
  }

  before(step: Step, server: MysqlModel): void {
    this.#heldBefore.set(server.key, { held: server.held, life: server.life, options: JSON.stringify(server.channel.options), source: server.channel.source })
    this.#tell(`${step.do} ${server.key}${step.do === 'change-source' ? ` to ${step.to}` : ''}`)
  }

  after(step: Step, server: MysqlModel, failure: ServerFailure | null): void {
    if (failure !== null) this.#tell(`  failed: ${failure.text}`)
    if (step.do === 'set-writable' && failure === null) this.madeWritable.push({ server: server.key, at: this.#clock.at })
    for (const listener of this.#listeners) listener(step)
    const before = this.#heldBefore.get(server.key)
    if (before === undefined || before.life !== server.life) return
    if (before.options !== JSON.stringify(server.channel.options)) this.broken.push(`I12 options of ${server.key} changed by ${step.do}`)
    if (failure === null && step.do === 'change-source') this.#followsWithErrant(server, step.to, before.source)
    if (before.held.isWithin(server.held)) return
    // What a server forgets of its relay log must be with somebody else who is alive and has executed it.
    const gone = before.held.without(server.held).filter(({ origin, number }) => ![...this.#all.values()].some(other => other !== server && other.state !== 'down' && other.executed.has(origin, number)))
    if (gone.length > 0) this.broken.push(`I5 ${step.do} made ${server.key} forget ${gone.length} transactions that nobody else has`)
  }

  /** Whoever has what its source does not have, and cannot get from above it, would stay different from it for ever. One that was so below its former source is no worse off. */
  #followsWithErrant(server: MysqlModel, to: InstanceKey, from: InstanceKey | null): void {
    const above = this.#hasAbove(server, to)
    if (above === null) return
    const errant = server.held.without(above)
    const former = from === null || errant.length === 0 ? null : this.#hasAbove(server, from)
    const fresh = former === null ? errant : errant.filter(({ origin, number }) => former.has(origin, number))
    if (fresh.length > 0) this.broken.push(`I6 ${server.key} was pointed at ${to} with ${fresh.length} transactions that neither it has nor anybody above it`)
  }

  /** What a server and all above it have; null: nobody is there. */
  #hasAbove(server: MysqlModel, from: InstanceKey): Numbers | null {
    const [has, seen] = [new Numbers(), new Set([server])]
    for (let at = this.#all.get(from); at !== undefined && !seen.has(at); at = at.channel.source === null ? undefined : this.#all.get(at.channel.source)) {
      seen.add(at)
      has.addAll(at.held)
      for (const { origin, number } of at.log) has.add(origin, number)
    }
    return seen.size === 1 ? null : has
  }
}
