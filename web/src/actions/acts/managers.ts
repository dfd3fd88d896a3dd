import type { OperationName } from '../../../../src/contract/all.ts'
import type { GroupView } from '../../../../src/contract/raft.ts'
import type { OperationInput } from '../../api/client.ts'
import type { en } from '../../words/en.ts'
import type { AskedField } from './act.ts'

export type ManagerActName = keyof typeof en.managerAct
export type ManagerMember = GroupView['members'][number]

interface OfManagers {
  readonly name: ManagerActName
  readonly operation: OperationName
  /** Asked before; the address of a new manager is typed by itself. */
  readonly fields?: readonly AskedField[]
  /** What must be typed before it is done: nothing, a manager's name, or that it concerns all clusters (the policy for dangerous acts). */
  readonly typed: 'nothing' | 'manager' | 'all-clusters'
}

/** Done to one of them, from its row. */
export interface MemberAct extends OfManagers {
  readonly isOffered: (group: GroupView, member: ManagerMember) => boolean
  readonly input: (member: ManagerMember) => OperationInput
}

/** Done to all of them as one, or to the one whose page this is. */
export interface GroupAct extends OfManagers {
  readonly isOffered: (group: GroupView) => boolean
}

const isRaft = ({ mode }: GroupView): boolean => mode === 'raft'
/** Two that run on one host have one name. */
const hasOthers = ({ members }: GroupView): boolean => members.length > 1

export const memberActs: readonly MemberAct[] = [
  {
    name: 'handOver', operation: 'raft-yield', typed: 'manager', input: ({ name }) => ({ node: name }),
    // Only the one that leads can hand its part over.
    isOffered: (group, { votes, isSelf }) => isRaft(group) && group.state === 'leader' && votes && !isSelf,
  },
  // Whoever takes this one out does so on the page of another, which stays.
  {
    name: 'remove', operation: 'raft-remove-peer', typed: 'manager', input: ({ name }) => ({ addr: name }),
    isOffered: (group, { isSelf }) => isRaft(group) && !isSelf,
  },
]

export const groupActs: readonly GroupAct[] = [
  {
    name: 'add', operation: 'raft-add-peer', typed: 'nothing', isOffered: isRaft,
    fields: [{ name: 'addr', kind: 'text', label: 'managerAddress', hint: 'managerAddressHint', required: true }],
  },
  { name: 'reelect', operation: 'reelect', typed: 'manager', isOffered: group => group.leader !== null && hasOthers(group) },
  // Where a majority decides nobody can take the part of another.
  {
    name: 'grab', operation: 'grab-election', typed: 'all-clusters',
    isOffered: group => group.mode === 'shared-store' && group.state !== 'leader' && hasOthers(group),
  },
  { name: 'snapshot', operation: 'raft-snapshot', typed: 'nothing', isOffered: isRaft },
]
