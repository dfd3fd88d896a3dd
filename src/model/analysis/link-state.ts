import type { ReplicationLink } from '../topology/instance.ts'
import type { AnalysisPolicy } from './policy.ts'

/** Client errors of a connection that could not be made or was lost: CR_CONNECTION_ERROR … CR_SERVER_LOST_EXTENDED of MySQL's error reference. */
const connectErrors = new Set([2002, 2003, 2005, 2006, 2013, 2055])
/** What a receiver says of every failed attempt, whatever its number (1045, 1040, 1129 …); both spellings of the source. */
const connectText = /error .*connecting to \w/is

/** The applier runs, the receiver does not, and what stopped the receiver is its connection to the source. */
export function isFailingToConnect(link: ReplicationLink): boolean {
  if (link.receiver === 'running' || link.applier !== 'running') return false
  return connectErrors.has(link.receiverError.number) || connectText.test(link.receiverError.text)
}

/** Errors of the client library, not of a server that answered. */
const isClientError = (number: number): boolean => number >= 2000 && number < 3000

/**
 * What a replica's receiver says about the link to its source. `lost`: it tries to connect and cannot, or gave up for that reason.
 * `refused`: the source answers it, but does not let it in (wrong password, too many connections). `stopped`: nobody told it to run,
 * which says nothing about the source.
 */
export type LinkState = 'linked' | 'silent' | 'lost' | 'refused' | 'stopped'

export function linkState(link: ReplicationLink, now: number, policy: AnalysisPolicy): LinkState {
  if (link.receiver === 'running') return isSilent(link, now, policy) ? 'silent' : 'linked'
  const { number, text } = link.receiverError
  if (isClientError(number)) return 'lost'
  if (number !== 0) return connectText.test(text) ? 'refused' : 'stopped'
  return link.receiver === 'connecting' ? 'lost' : 'stopped'
}

/** The receiver says it runs, but has heard neither an event nor a heartbeat for longer than can be. See AnalysisPolicy.silenceSeconds. */
export function isSilent(link: ReplicationLink, now: number, policy: AnalysisPolicy): boolean {
  const heartbeat = link.options.heartbeatPeriodSeconds
  if (policy.silenceSeconds <= 0 || link.receiver !== 'running' || link.lastHeardAt === null || heartbeat === null || heartbeat <= 0) return false
  return now - link.lastHeardAt > Math.max(policy.silenceSeconds, 1.5 * heartbeat) * 1000
}
