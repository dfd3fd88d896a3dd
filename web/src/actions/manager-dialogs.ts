import i18next from 'i18next'
import type { GroupView } from '../../../src/contract/raft.ts'
import type { OperationInput } from '../api/client.ts'
import type { GroupAct, ManagerMember, MemberAct } from './acts/managers.ts'
import { openDialog } from './dialogs.ts'

export const openMember = (act: MemberAct, member: ManagerMember): void => open(act, member.name, act.input(member))

/** Another one leads in the place of the one that does now; all else concerns the manager whose page this is. */
export const openGroup = (act: GroupAct, { self, leader }: GroupView): void => open(act, act.operation === 'reelect' ? (leader?.name ?? self) : self, {})

function open(act: MemberAct | GroupAct, name: string, input: OperationInput): void {
  const { t } = i18next
  const { operation, fields = [] } = act
  const says = (what: 'title' | 'text' | 'run' | 'done', of = name): string => t(`managerAct.${act.name}.${what}`, { name: of })
  const words = { title: says('title'), text: says('text'), runLabel: says('run') }
  if (act.typed !== 'nothing') {
    const typed = act.typed === 'manager' ? name : t('auto.allClusters')
    return openDialog({ kind: 'typed', request: { ...words, operation, input, typed, done: says('done'), ...(act.typed === 'all-clusters' ? { asksWhy: true } : {}) } })
  }
  // What was added is told by its full address.
  const lines = (output: unknown): readonly string[] => [says('done', typeof output === 'string' ? output : name)]
  openDialog({ kind: 'ask', request: { ...words, operation, input, fields, next: { lines } } })
}
