import { coordinatesText } from '../topology/binlog-coordinates.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** How far each replica that calls itself connected had received when its source was lost, or when something last came to one of them. */
export interface Unheard {
  readonly since: number
  readonly received: ReadonlyMap<InstanceKey, string>
}

export const isConnected = (replica: Instance): boolean => replica.replication?.receiver === 'running' && isLastCheckValid(replica)

/** How far it has received, as text; empty: it does not say. */
export const readPlace = ({ replication: link }: Instance): string => {
  const read = link?.readCoordinates ?? null
  return read === null ? '' : coordinatesText(read)
}

/** Where it stands, and when it last heard anything: a heartbeat counts. */
function placeOf({ replication: link }: Instance): string {
  const read = link?.readCoordinates
  return `${read?.file ?? ''}:${read?.position ?? ''} ${link?.retrievedGtidSet ?? ''} ${link?.lastHeardAt ?? ''}`
}

/**
 * What is remembered after one more look: from the newest of these readings on where something has come since, because then the source lives and it is we
 * who cannot reach it; a receiver that has just connected says so too.
 */
export function stillUnheard(before: Unheard | undefined, replicas: readonly Instance[]): Unheard {
  const connected = replicas.filter(isConnected)
  const received = new Map(connected.map(replica => [replica.key, placeOf(replica)]))
  const hasCome = before === undefined || [...received].some(([key, place]) => before.received.get(key) !== place)
  return hasCome ? { since: Math.max(...connected.map(({ check }) => check.lastSeenAt ?? Infinity)), received } : before
}

/** For so long nothing has come to any of them: each was read again after that time. An old reading, however often it is looked at, proves nothing. */
export function isUnheardFor(unheard: Unheard, replicas: readonly Instance[], milliseconds: number): boolean {
  const connected = replicas.filter(isConnected)
  return connected.length > 0 && connected.every(({ key, check }) => unheard.received.has(key) && (check.lastSeenAt ?? -Infinity) >= unheard.since + milliseconds)
}
