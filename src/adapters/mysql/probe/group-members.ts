import type { GroupMembership } from '../../../model/topology/instance.ts'
import { compareKeys, instanceKey, type InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Row, Rows } from '../driver/rows.ts'

const keyOf = (row: Row): InstanceKey => instanceKey(row.text('member_host'), row.number('member_port') ?? 0)

/** Membership of the server with this UUID; null when it is in no group, or the group has several primaries (contract discovery.md 12). */
export function readGroup(rows: Rows, ownUuid: string): GroupMembership | null {
  const members = rows.all()
  const own = members.find(row => row.text('member_id') === ownUuid)
  if (own === undefined || !own.flag('single_primary')) return null
  const primary = members.find(row => row.text('member_role') === 'PRIMARY')
  const role = own.text('member_role')
  return {
    name: own.text('group_name'), isSinglePrimary: true, memberState: own.text('member_state'),
    memberRole: role === 'PRIMARY' || role === 'SECONDARY' ? role : '',
    members: members.filter(row => row !== own).map(keyOf).sort(compareKeys),
    primary: primary === undefined ? null : keyOf(primary),
  }
}
