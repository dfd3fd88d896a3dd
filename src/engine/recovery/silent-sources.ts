import { isSilent, type Silence, stillSilent } from '../../model/recovery/silent.ts'
import { isConnected, readPlace } from '../../model/recovery/unheard.ts'
import { isUnderMaintenance } from '../../model/topology/freshness.ts'
import { isLastCheckValid } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'

/** A source has more than its replicas for so long: they are read out of turn, and again so much later. */
const askAfterMilliseconds = 1000

/** What a round comes to. */
export interface SilentRound {
  /** Those of which the replicas are to connect anew. */
  readonly silent: readonly InstanceKey[]
  /** Replicas to be read now: how far they are decides, and their next poll may be far. */
  readonly ask: readonly InstanceKey[]
}

/** Sources that answer us and from which nothing comes to any replica. Looked at once a second. */
export class SilentSources {
  readonly #silences = new Map<InstanceKey, Silence>()
  /** Where the replicas of a source stood when they were made to connect anew: standing there again, what they wait for is large and not lost. */
  readonly #restartedAt = new Map<InstanceKey, string>()

  /** `waits`: how long writes on a source wait for acknowledgements, s. */
  round(topology: Topology, waits: (source: InstanceKey) => number, now: number): SilentRound {
    const silent: InstanceKey[] = []
    const ask: InstanceKey[] = []
    for (const key of this.#silences.keys()) if (!topology.instances.has(key)) this.#forget(key)
    for (const source of topology.instances.values()) {
      const replicas = topology.replicasOf(source.key)
      const silence = replicas.length === 0 || !isLastCheckValid(source) || isUnderMaintenance(source, now)
        ? null
        : stillSilent(this.#silences.get(source.key) ?? null, source, replicas, now)
      if (silence === null) {
        this.#silences.delete(source.key)
        continue
      }
      this.#silences.set(source.key, silence)
      const waitsSeconds = source.semiSync?.sourceActive === true ? waits(source.key) : 0
      if (this.#restartedAt.get(source.key) === places(topology, source.key)) continue
      if (isSilent(silence, replicas, waitsSeconds)) silent.push(source.key)
      else if (waitsSeconds > 0 || (silence.aheadSince !== null && now - silence.aheadSince >= askAfterMilliseconds)) {
        ask.push(...replicas.filter(replica => isConnected(replica) && (replica.check.lastSeenAt ?? now) <= now - askAfterMilliseconds).map(({ key }) => key))
      }
    }
    return { silent, ask }
  }

  noteRestarted(source: InstanceKey, topology: Topology): void {
    this.#restartedAt.set(source, places(topology, source))
  }

  #forget(source: InstanceKey): void {
    this.#silences.delete(source)
    this.#restartedAt.delete(source)
  }
}

const places = (topology: Topology, source: InstanceKey): string =>
  topology.replicasOf(source).map(replica => `${replica.key} ${readPlace(replica)}`).join()
