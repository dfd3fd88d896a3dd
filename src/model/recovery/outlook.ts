import type { Outlook } from '../analysis/finding.ts'
import { type ActQuestion, mayWeAct } from './may-we-act.ts'
import { recoveryReason } from './reasons.ts'

/** What will be done about a finding by itself, or why nothing will: the verdict that an automatic recovery would get now. */
export function outlookOf(question: Omit<ActQuestion, 'forced'>): Outlook {
  const { finding, open, underWay } = question
  const running = open.find(recovery => recovery.key === finding.key && recovery.endedAt === null && underWay.has(recovery.uid))
  if (running !== undefined) return { state: 'recovering', reason: recoveryReason('recovering', { recovery: running.id, uid: running.uid }), at: null }
  const verdict = mayWeAct({ ...question, forced: false })
  if (!verdict.act) return { state: verdict.state, reason: verdict.because, at: verdict.at }
  return { state: 'due', reason: recoveryReason('due', { remedy: verdict.remedy }), at: question.now }
}
