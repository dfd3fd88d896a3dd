import { compareCoordinates } from './binlog-coordinates.ts'
import type { Instance, ReplicationLink } from './instance.ts'
import { hasReached, type MariadbPosition, mariadbPositionText, parseMariadbPosition } from './mariadb-gtid.ts'

// What a MariaDB server holds. It tells positions, not sets: one number in each domain, and everything before it is meant too.

const nowhere: MariadbPosition = new Map()

/** Text that is no position counts as none, because nothing can be proven with it. */
export function readPosition(text: string): MariadbPosition {
  const parsed = parseMariadbPosition(text)
  return parsed.ok ? parsed.value : nowhere
}

/** In each domain the later one of both. */
export function laterOf(left: MariadbPosition, right: MariadbPosition): MariadbPosition {
  const later = new Map(left)
  for (const [domain, gtid] of right) {
    const present = later.get(domain)
    if (present === undefined || present.sequence < gtid.sequence) later.set(domain, gtid)
  }
  return later
}

/** All that it has executed: what was replicated, and what was written here. */
export function executedPosition({ mariadbGtid }: Instance): MariadbPosition {
  if (mariadbGtid === null) return nowhere
  return laterOf(laterOf(readPosition(mariadbGtid.slavePos), readPosition(mariadbGtid.currentPos)), readPosition(mariadbGtid.binlogPos))
}

/** Everything it would still have if everything else died now: executed, and received into a relay log that still is there. */
export function heldPosition(instance: Instance): MariadbPosition {
  return instance.channels.reduce((held, link) => laterOf(held, receivedPosition(link)), executedPosition(instance))
}

/**
 * How far whole transactions were received into the relay log. `Gtid_IO_Pos` alone does not say: it keeps its number when the relay log is thrown
 * away by a change of the source (measured on 11.8). Then nothing is read, or both coordinates are the same.
 */
function receivedPosition(link: ReplicationLink): MariadbPosition {
  return hasEmptyRelayLog(link) ? nowhere : readPosition(link.retrievedGtidSet)
}

function hasEmptyRelayLog({ readCoordinates: read, executedCoordinates: executed, gtid }: ReplicationLink): boolean {
  if (read === null) return true
  // By file and position the numbers are set by hand when a relay log is taken up again; then only the GTIDs tell.
  return gtid !== 'none' && executed !== null && compareCoordinates(read, executed) === 0
}

/** What was received is not all executed, or it cannot be known. A transaction that came in half counts as not received. */
export function hasUnappliedPosition(instance: Instance): boolean {
  return instance.channels.some(link => {
    const { readCoordinates: read, executedCoordinates: executed } = link
    if (read === null) return false
    const levelByCoordinates = executed !== null && compareCoordinates(read, executed) === 0
    if (link.retrievedGtidSet === '') return !levelByCoordinates
    const beyond = !hasReached(executedPosition(instance), receivedPosition(link))
    return link.gtid === 'none' ? beyond || !levelByCoordinates : beyond
  })
}

/** By GTID, and with both threads stopped, starting either one throws away what was received and not applied (measured on 11.8). */
export function startThrowsAway(instance: Instance): boolean {
  const { replication: link, mariadbGtid } = instance
  return mariadbGtid !== null && link !== null && link.gtid !== 'none' && link.receiver === 'stopped' && link.applier === 'stopped' && hasUnappliedPosition(instance)
}

/** Where `left` is further than `right`, and by how many numbers; numbers may be left out, so it is at most so many transactions. */
export function beyond(left: MariadbPosition, right: MariadbPosition): { readonly count: number; readonly text: string } {
  const further = new Map([...left].filter(([domain, { sequence }]) => sequence > (right.get(domain)?.sequence ?? 0n)))
  let count = 0n
  for (const [domain, { sequence }] of further) count += sequence - (right.get(domain)?.sequence ?? 0n)
  return { count: Number(count), text: mariadbPositionText(further) }
}

/** What was received and is not executed. */
export function unappliedPosition(instance: Instance): MariadbPosition {
  const executed = executedPosition(instance)
  return new Map([...heldPosition(instance)].filter(([domain, { sequence }]) => sequence > (executed.get(domain)?.sequence ?? -1n)))
}

/** Are these very transactions logged or executed there? */
export const holdsGtids = (instance: Instance, wanted: MariadbPosition): boolean => lacking(instance, wanted).text === ''

/**
 * Which of these transactions a server neither logged nor executed. A later number in a domain proves nothing when another server wrote it, so the
 * server that wrote is compared too: `gtid_binlog_state` knows the last number of each (MariaDB documentation, "Global Transaction ID"). This finds a
 * divergence that positions hide. The count is at most so many, because numbers may be left out.
 */
export function lacking(instance: Instance, wanted: MariadbPosition): { readonly count: number; readonly text: string } {
  const logged = loggedBy(instance)
  const lacked = new Map([...wanted].filter(([domain, { serverId, sequence }]) => !logged.some(at => at.domain === domain && at.serverId === serverId && at.sequence >= sequence)))
  let count = 0n
  for (const [domain, { sequence }] of lacked) {
    const common = logged.filter(at => at.domain === domain && at.sequence <= sequence).reduce((most, at) => (at.sequence > most ? at.sequence : most), 0n)
    count += sequence - common || 1n
  }
  return { count: Number(count), text: mariadbPositionText(lacked) }
}

interface Logged {
  readonly domain: number
  readonly serverId: number
  readonly sequence: bigint
}

function loggedBy({ mariadbGtid }: Instance): readonly Logged[] {
  if (mariadbGtid === null) return []
  // The state names a domain once for each server, so it is no position; its entries are read one by one.
  const texts = [mariadbGtid.binlogState ?? '', mariadbGtid.slavePos, mariadbGtid.currentPos, mariadbGtid.binlogPos]
  return texts.flatMap(text => text.split(',')).flatMap(text => [...readPosition(text.trim())].map(([domain, { serverId, sequence }]) => ({ domain, serverId, sequence })))
}
