import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { moveRemark } from './move-remarks.ts'

/** The ways in which a replica can be brought below another server, in the order in which they are tried (contract refactoring.md section 10). */
export const moveMethods = ['binlog-server', 'gtid', 'equivalence', 'pseudo-gtid', 'position'] as const
export type MoveMethod = (typeof moveMethods)[number]

/** Whether a method was taken for a replica, and why, or why not. */
export interface MethodVerdict {
  readonly replica: InstanceKey
  readonly method: MoveMethod
  readonly taken: boolean
  readonly why: Reason
}

const notBy = {
  'binlog-server': 'not-by-binlog-server', 'gtid': 'not-by-gtid', 'equivalence': 'not-by-equivalence', 'pseudo-gtid': 'not-by-pseudo-gtid', 'position': 'not-by-position',
} as const

/** What was tried and could not be, as one text: `Not by GTID: …. Not by …`. */
export const whyNotText = (verdicts: readonly MethodVerdict[]): string =>
  verdicts.filter(({ taken }) => !taken).map(({ replica, method, why }) => moveRemark(notBy[method], { replica, why: why.text.trimEnd() }).text).join('. ')
