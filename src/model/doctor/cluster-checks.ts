import type { Instance } from '../topology/instance.ts'
import { checksOf } from './check.ts'
import { when } from './server-checks.ts'
import type { Ward } from './subjects.ts'

const check = checksOf<Ward>()

/** What several members have in common and must not, with the members. */
function shared(members: readonly Instance[], of: (member: Instance) => string): readonly { readonly value: string; readonly servers: string }[] {
  const groups = Map.groupBy(members, of)
  return [...groups].flatMap(([value, group]) => (value === '' || group.length < 2 ? [] : [{ value, servers: group.map(({ key }) => key).join(', ') }]))
}

/** What must hold among the members of one cluster. */
export const clusterChecks = [
  check({
    code: 'duplicate-server-id', looksAt: 'no two servers of a cluster have one server id', severity: 'bad',
    says: '{servers} all have server_id {value}: they ignore what the other wrote, and a source cuts one of them off',
    mend: 'give each a server_id of its own and restart its replication',
    find: ({ members }) => (members.length < 2 ? null : shared(members, ({ serverId }) => (serverId === 0 ? '' : String(serverId)))),
  }),
  check({
    code: 'duplicate-server-uuid', looksAt: 'no two servers of a cluster have one UUID', severity: 'bad',
    says: '{servers} all have server_uuid {value}, as copies of one data folder have: a source cuts one of them off',
    mend: 'stop all but one of them, remove auto.cnf from their data folders, start them again',
    find: ({ members }) => (members.length < 2 ? null : shared(members, ({ serverUuid }) => serverUuid)),
  }),
  check({
    code: 'durability-not-kept', looksAt: 'what DurabilityPolicy promises of a cluster could be proven if its primary died now', severity: 'bad',
    says: 'DurabilityPolicy of {cluster} is {policy}, and if its primary died now nobody would be promoted by itself: {text}',
    mend: 'let the primary be a semi-sync source that waits for ever (rpl_semi_sync_source_enabled, rpl_semi_sync_source_timeout), with enough semi-sync replicas that answer',
    find: ({ cluster, promise }) =>
      (promise === undefined || promise.policy === 'none' ? null : when(promise.unproven !== null, { cluster, policy: promise.policy, text: promise.unproven ?? '' })),
  }),
  check({
    code: 'not-published', looksAt: 'all places outside say who takes the writes of a cluster', severity: 'bad',
    says: '{place} does not say who takes the writes of {cluster}: {text}',
    mend: 'see that {place} answers and takes what is written there; it is tried again behind, and at once by: orchestrator -c submit-masters-to-kv-stores -alias {cluster}',
    find: ({ cluster, unpublished }) => (unpublished === undefined ? null : unpublished.map(({ target, text }) => ({ cluster, place: target, text }))),
  }),
  check({
    code: 'gtid-modes-differ', looksAt: 'all servers of a cluster have one gtid_mode', severity: 'warning',
    says: 'gtid_mode differs in {cluster}: {modes}',
    mend: 'bring all to ON; none may be more than one step from another',
    find: ({ cluster, members }) => {
      const modes = Map.groupBy(members.filter(({ gtidMode }) => gtidMode !== ''), ({ gtidMode }) => gtidMode)
      if (modes.size === 0) return null
      return when(modes.size > 1, { cluster, modes: [...modes].map(([mode, group]) => `${mode} on ${group.map(({ key }) => key).join(', ')}`).join('; ') })
    },
  }),
]
