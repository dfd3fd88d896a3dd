import { grantsForMilliseconds, injectionStatement, injectionTargets, mayInject } from '../../model/pseudo-gtid/injection.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { LogEvents } from '../../ports/log-events.ts'
import type { Random } from '../../ports/random.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { InjectedClusters } from './injected-clusters.ts'

export interface InjectorParts {
  readonly logs: Pick<LogEvents, 'grants' | 'inject'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** -noop: no server is written to. */
  readonly changesNothing?: boolean
  topology(): Topology
}

/** A primary that hangs must not hold up the others, nor the next round. */
const injectMilliseconds = 4000
/** Primaries written to at the same time. */
const atOnce = 50
const warnEveryMilliseconds = 10 * 60_000

/** Writes a unique statement on the primary of every cluster, where our account may. */
export class Injector {
  readonly #parts: InjectorParts
  readonly #injected: InjectedClusters
  readonly #isOn: boolean
  readonly #allowed = new Map<InstanceKey, { readonly may: boolean; readonly at: number }>()
  readonly #warnedAt = new Map<InstanceKey, number>()
  /** The time in each server's last statement: a later one is larger as text even when clocks are set back or two are written within a second. */
  readonly #lastSecond = new Map<InstanceKey, number>()
  #isUnderWay = false

  constructor(parts: InjectorParts, injected: InjectedClusters, isOn: boolean) {
    this.#parts = parts
    this.#injected = injected
    this.#isOn = isOn
  }

  /** One round; the clusters that were written to. A round that is still under way is not begun a second time. */
  async round(): Promise<readonly string[]> {
    if (!this.#isOn || this.#isUnderWay || this.#parts.changesNothing === true) return []
    this.#isUnderWay = true
    try {
      const targets = injectionTargets(this.#parts.topology())
      for (const key of this.#allowed.keys()) if (!targets.some(target => target.key === key)) this.#forget(key)
      const written: string[] = []
      for (let from = 0; from < targets.length; from += atOnce) {
        const some = await Promise.all(targets.slice(from, from + atOnce).map(async target => ((await this.#inject(target)) ? target.clusterName : null)))
        written.push(...some.filter(name => name !== null))
      }
      return written
    } finally {
      this.#isUnderWay = false
    }
  }

  async #inject(target: Instance): Promise<boolean> {
    const { logs, clock, random } = this.#parts
    if (!(await this.#may(target))) return false
    const now = clock.now()
    const second = Math.max(Math.floor(now / 1000), (this.#lastSecond.get(target.key) ?? 0) + 1)
    this.#lastSecond.set(target.key, second)
    const written = await logs.inject(target, injectionStatement(target.serverId, second, random.hex(8)), injectMilliseconds)
    if (!written.ok) {
      this.#warn(target.key, 'a Pseudo-GTID statement could not be written', written.failure.text)
      // A refusal may be a privilege that was taken away.
      this.#allowed.delete(target.key)
      return false
    }
    this.#injected.note(target.clusterName, now)
    return true
  }

  async #may(target: Instance): Promise<boolean> {
    const { logs, clock } = this.#parts
    const known = this.#allowed.get(target.key)
    if (known !== undefined && clock.monotonic() - known.at < grantsForMilliseconds[known.may ? 'yes' : 'no']) return known.may
    const grants = await logs.grants(target, injectMilliseconds)
    if (!grants.ok) {
      this.#warn(target.key, 'whether Pseudo-GTID statements may be written is not known', grants.failure.text)
      return false
    }
    const may = mayInject(grants.value)
    this.#allowed.set(target.key, { may, at: clock.monotonic() })
    if (!may) this.#warn(target.key, 'Pseudo-GTID statements are not written', 'the account needs DROP on the schema _pseudo_gtid_')
    return may
  }

  #warn(server: InstanceKey, what: string, text: string): void {
    const { clock, log } = this.#parts
    const last = this.#warnedAt.get(server)
    if (last !== undefined && clock.monotonic() - last < warnEveryMilliseconds) return
    this.#warnedAt.set(server, clock.monotonic())
    log.warning(what, { server, text })
  }

  #forget(key: InstanceKey): void {
    this.#allowed.delete(key)
    this.#warnedAt.delete(key)
    this.#lastSecond.delete(key)
  }
}
