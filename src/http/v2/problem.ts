import { reasonsOf } from '../../kit/reason-table.ts'
import type { Reason } from '../../kit/reason.ts'
import { type Answer, json } from '../exchange.ts'

export const problemReason = reasonsOf({
  'no-such-address': 'There is nothing at {path}',
  'no-such-cluster': 'No cluster, alias or server is known as {name}',
  'no-such-recovery': 'There is no recovery {uid}',
  'no-such-detection': 'There is no detection {id}',
  'no-such-operation': 'There is no operation {name}',
  'moment-unreadable': '{name} must be a time in milliseconds since 1970, or as 2026-11-23T03:11:02Z, and no later than now; it is {value}',
  'moments-unordered': 'from ({from}) must not be later than to ({to})',
  'no-history-of': 'Nothing is kept of how the topology stood at {at}',
  'bad-body': 'The body cannot be read: {text}',
  'foreign-site': 'A page of another site must not change anything here',
  'may-not-write': 'You may only read: {why}',
  'leads-not': '{node} does not lead, and knows of nobody who does: nothing can be changed now',
  'another-leads': '{node} does not lead; {leader} ({address}) does, and is to be asked itself',
} as const)

/** An error of version 2: the reason itself. */
export const problem = (reason: Reason, status: number): Answer => json(reason, status)

/** What was asked cannot be read at all. */
const unreadable: ReadonlySet<string> = new Set(['input-missing', 'input-unreadable', 'port-invalid', 'address-invalid', 'duration-invalid', 'number-invalid', 'pattern-invalid', 'nothing-asked'])

/** 400 for input that cannot be read, 503 for too much at once and while the store is away, 409 for what clashes with how things are. */
export function refusalStatus(refused: Reason): number {
  if (unreadable.has(refused.code)) return 400
  if (refused.code === 'too-many-operations' || refused.code === 'store-unread') return 503
  return 409
}
