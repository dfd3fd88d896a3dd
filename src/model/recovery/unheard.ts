import { coordinatesText } from '../topology/binlog-coordinates.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** How far one replica had received, and when it last heard anything as far as it is sure. */
interface Received {
  readonly place: string
  readonly heardAt: number | null
}

/** How far each replica that calls itself connected had received when its source was lost, or when something last came to one of them. */
export interface Unheard {
  readonly since: number
  readonly received: ReadonlyMap<InstanceKey, Received>
}

/**
 * When something was last heard is reckoned from two clocks, anew at each reading, so that it differs by a little. And a replica in the midst of a transaction
 * says that it hears right now, even if the rest of it never comes: how far it has read tells better.
 */
const reckoningMilliseconds = 100

export const isConnected = (replica: Instance): boolean => replica.replication?.receiver === 'running' && isLastCheckValid(replica)

/** How far it has received, as text; empty: it does not say. */
export const readPlace = ({ replication: link }: Instance): string => {
  const read = link?.readCoordinates ?? null
  return read === null ? '' : coordinatesText(read)
}

/** What it tells now, where `before` is what it told first. */
function receivedBy({ replication: link, check }: Instance, before: Received | undefined): Received {
  const read = link?.readCoordinates
  const place = `${read?.file ?? ''}:${read?.position ?? ''} ${link?.retrievedGtidSet ?? ''}`
  const heardAt = link?.lastHeardAt ?? null
  const isSure = heardAt !== null && heardAt < (check.lastSeenAt ?? -Infinity) - reckoningMilliseconds
  return { place, heardAt: isSure || before === undefined ? heardAt : before.heardAt }
}

/** What a source must not have sent: `anything`, or `events`: then its heartbeats tell nothing. */
export type Sent = 'anything' | 'events'

const hasCome = (before: Received | undefined, after: Received, sent: Sent): boolean =>
  before === undefined || before.place !== after.place || (sent === 'anything' && (after.heardAt ?? -Infinity) > (before.heardAt ?? -Infinity) + reckoningMilliseconds)

/**
 * What is remembered after one more look: from the newest of these readings on where something has come since, because then the source lives and it is we
 * who cannot reach it; a receiver that has just connected says so too.
 */
export function stillUnheard(before: Unheard | undefined, replicas: readonly Instance[], sent: Sent = 'anything'): Unheard {
  const connected = replicas.filter(isConnected)
  const read = (known: Unheard | undefined): Map<InstanceKey, Received> =>
    new Map(connected.map(replica => [replica.key, receivedBy(replica, known?.received.get(replica.key))]))
  const isSame = before !== undefined && [...read(before)].every(([key, after]) => !hasCome(before.received.get(key), after, sent))
  return isSame ? before : { since: Math.max(...connected.map(({ check }) => check.lastSeenAt ?? Infinity)), received: read(undefined) }
}

/** For so long nothing has come to any of them: each was read again after that time. An old reading, however often it is looked at, proves nothing. */
export function isUnheardFor(unheard: Unheard, replicas: readonly Instance[], milliseconds: number): boolean {
  const connected = replicas.filter(isConnected)
  return connected.length > 0 && connected.every(({ key, check }) => unheard.received.has(key) && (check.lastSeenAt ?? -Infinity) >= unheard.since + milliseconds)
}
