import type { LogEvent } from './asks.ts'
import type { PseudoGtidPolicy } from './policy.ts'

/**
 * What a server writes into its own log for itself, and what one server writes and another does not for the same transaction: a mark of a transaction
 * without GTID, the envelope of a compressed one, whose events are listed behind it, and the statement that rows came from.
 */
const ownAffairs: ReadonlySet<string> = new Set([
  'Format_desc', 'Previous_gtids', 'Rotate', 'Stop', 'Heartbeat', 'Heartbeat_v2', 'Gtid_list', 'Binlog_checkpoint', 'Start_encryption', 'Anonymous_Gtid', 'Transaction_payload',
  'Annotate_rows', 'Rows_query',
])

/** Is this event one of those that both logs must have? */
export const counts = ({ type, text }: LogEvent, { skipContaining }: PseudoGtidPolicy): boolean =>
  !ownAffairs.has(type) && (skipContaining.length === 0 || !skipContaining.some(part => text.includes(part)))

/** The text of an event without what differs from server to server for the same event (contract pseudo-gtid.md section 7). */
export function comparableText(text: string): string {
  let plain = text
  if (plain.includes('/*')) plain = plain.replaceAll(/\/\*.*?\*\//gs, '').trimEnd()
  if (plain.startsWith('COMMIT ')) plain = 'COMMIT'
  if (plain.includes('table_id')) plain = plain.replaceAll(/table_id: *\d+/g, 'table_id: ###')
  if (plain.includes(" X'")) plain = plain.replaceAll(/ X'([0-9a-fA-F]+)' COLLATE/g, ' 0x$1 COLLATE')
  if (plain.includes(' cid=')) plain = plain.replace(/^((?:BEGIN )?GTID \S+) cid=.*$/s, '$1')
  return plain
}

/** Are these the same statement? */
export const isSameText = (left: string, right: string): boolean => left === right || comparableText(left) === comparableText(right)
