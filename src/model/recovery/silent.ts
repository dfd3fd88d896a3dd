import { compareCoordinates } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import { isConnected, isUnheardFor, stillUnheard, type Unheard } from './unheard.ts'

/** Nothing has come for so long although there was something to come: more than two looks at each replica. */
const aheadMilliseconds = 2500
/** The same where a semi-sync source says itself that its writes wait for as long. */
const waitingMilliseconds = 1000

/** What came to the replicas of a source that answers, and since when it has written more than any of them has received. */
export interface Silence {
  /** In ms since 1970; null: somebody has all that it has written, as far as we know. */
  readonly aheadSince: number | null
  readonly unheard: Unheard
}

/**
 * One more look. Null: there is nothing to be heard. The network between a source and its replicas may be cut while both answer us; their receivers notice
 * by themselves only after `replica_net_timeout`, a minute by default.
 */
export function stillSilent(before: Silence | null, source: Instance, replicas: readonly Instance[], now: number): Silence | null {
  const connected = replicas.filter(isConnected)
  if (connected.length === 0) return null
  const { binlogCoordinates: end, semiSync } = source
  const isAhead = end !== null && connected.every(({ replication: link }) => {
    const read = link?.readCoordinates ?? null
    return read !== null && compareCoordinates(read, end) < 0
  })
  if (!isAhead && semiSync?.sourceActive !== true) return null
  const unheard = stillUnheard(before?.unheard, replicas)
  const isSame = before !== null && unheard === before.unheard
  const aheadSince = isAhead ? ((isSame ? before.aheadSince : null) ?? now) : null
  return isSame && aheadSince === before.aheadSince ? before : { aheadSince, unheard }
}

/** Nobody hears it. `waitsSeconds`: for how long writes on it have waited; 0 where that is not for acknowledgements. */
export function isSilent({ aheadSince, unheard }: Silence, replicas: readonly Instance[], waitsSeconds: number): boolean {
  if (waitsSeconds * 1000 >= waitingMilliseconds && isUnheardFor(unheard, replicas, waitingMilliseconds)) return true
  return aheadSince !== null && isUnheardFor({ ...unheard, since: aheadSince }, replicas, aheadMilliseconds)
}
