import type { Outlook } from '../model/analysis/finding.ts'
import type { GroupStanding } from '../ports/group.ts'

const wouldAct: ReadonlySet<Outlook['state']> = new Set<Outlook['state']>(['due', 'waiting-for-evidence'])

/** What would be done about a failure is done by whoever leads; where nobody is known to, nothing is, and the group says why. */
export const unledOutlook = (outlook: Outlook, { leader, says }: Pick<GroupStanding, 'leader' | 'says'>): Outlook =>
  leader === null && wouldAct.has(outlook.state) ? { state: 'blocked', reason: says, at: null } : outlook
