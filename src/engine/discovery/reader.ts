import { fail, ok, type Result } from '../../kit/result.ts'
import { hasReceiverChanged, type Trigger } from '../../model/recovery/evidence.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { ProbeOptions, ServerFacts, Servers } from '../../ports/servers.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Filters } from './filters.ts'
import type { HostNames } from './host-names.ts'
import type { Latencies } from './latencies.ts'
import type { PollMetrics } from './poll-metrics.ts'

/** The record as it now is; null when settings say not to remember this server. */
export type ReadAnswer = Result<Instance | null, ServerFailure>

export interface ReaderOptions {
  readonly servers: Servers
  readonly inventory: Inventory
  readonly clock: Clock
  readonly log: Log
  readonly names: HostNames
  readonly filters: Filters
  readonly metrics: PollMetrics
  readonly latencies: Latencies
  /** Told at once of what may mean trouble. */
  readonly emit: (trigger: Trigger) => void
}

interface UnderWay {
  readonly depth: ProbeOptions['depth']
  readonly startedAt: number
  readonly answer: Promise<ReadAnswer>
}

/** Asks one server, gives what came to the inventory, and says at once what may mean trouble. Readings of one server may be shared. */
export class Reader {
  readonly #options: ReaderOptions
  readonly #underWay = new Map<InstanceKey, UnderWay[]>()

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  isReading(key: InstanceKey): boolean {
    return this.#underWay.has(key)
  }

  isReadingInFull(key: InstanceKey): boolean {
    return this.#underWay.get(key)?.some(other => other.depth === 'full') === true
  }

  /** Never rejects for what a server did. One that is under way and began at `sharedSince` (monotonic) or later is good enough. */
  read(key: InstanceKey, probe: ProbeOptions, sharedSince = Infinity): Promise<ReadAnswer> {
    const underWay = this.#underWay.get(key) ?? []
    const shared = underWay.find(other => other.startedAt >= sharedSince && (other.depth === 'full' || probe.depth === 'replication'))
    if (shared !== undefined) return shared.answer
    const startedAt = this.#options.clock.monotonic()
    const answer = this.#read(key, probe, startedAt).finally(() => {
      const left = (this.#underWay.get(key) ?? []).filter(other => other.startedAt !== startedAt || other.answer !== answer)
      if (left.length === 0) this.#underWay.delete(key)
      else this.#underWay.set(key, left)
    })
    this.#underWay.set(key, [...underWay, { depth: probe.depth, startedAt, answer }])
    return answer
  }

  async #read(key: InstanceKey, probe: ProbeOptions, startedAtMonotonic: number): Promise<ReadAnswer> {
    const { servers, inventory, clock, metrics, latencies, emit } = this.#options
    const probed = await servers.probe(key, probe)
    const latencyMilliseconds = clock.monotonic() - startedAtMonotonic
    const reading = { asked: key, startedAtMonotonic, at: clock.now(), latencyMilliseconds }
    const measured = (failure: ServerFailure | null): void =>
      metrics.add({ at: reading.at, key, serverMilliseconds: latencyMilliseconds, totalMilliseconds: clock.monotonic() - startedAtMonotonic, failure: failure?.text ?? null }, failure?.kind ?? null)
    if (!probed.ok) {
      const { failure } = probed.failure
      const known = inventory.apply({ ...reading, outcome: 'failed', failure: probed.failure })
      if (known !== undefined) emit({ noticed: 'probe-failed', server: key })
      measured(failure)
      return fail(failure)
    }
    latencies.note(key, latencyMilliseconds)
    const answer = await this.#takeIn(probed.value, reading)
    measured(null)
    return ok(answer)
  }

  async #takeIn(facts: ServerFacts, reading: { asked: InstanceKey; startedAtMonotonic: number; at: number; latencyMilliseconds: number }): Promise<Instance | null> {
    const { servers, inventory, names, filters, emit, log } = this.#options
    const user = facts.replication?.user ?? ''
    if (user !== '' && filters.ignoresReplicationUser(user)) {
      log.debug('a replica is left out for its replication user', { server: facts.key, user })
      return null
    }
    if (facts.key !== reading.asked) {
      names.learnt(reading.asked, facts.key)
      inventory.renamed(reading.asked, facts.key)
      servers.release(reading.asked)
    }
    const resolved = await names.resolveFacts(facts)
    const before = inventory.get(facts.key)
    const after = inventory.apply({ ...reading, outcome: 'read', facts: resolved })
    if (after !== undefined && hasReceiverChanged(before, after)) emit({ noticed: 'receiver-changed', replica: after.key })
    return after ?? null
  }
}
