import { isAtLeast, type ServerVersion } from '../topology/version.ts'
import type { Examination } from './subjects.ts'

interface Need {
  /** What cannot be done without it. */
  readonly purpose: string
  readonly isVital: boolean
  readonly mysql: string
  readonly mariadb: string
  /** SUPER is as good, where it still means that. */
  readonly isInSuper: boolean
}

/** Sources: MySQL manual, "Privileges Provided by MySQL"; MariaDB manual, "GRANT". */
const needs: readonly Need[] = [
  { purpose: 'reading the state of replication', isVital: true, mysql: 'REPLICATION CLIENT', mariadb: 'SLAVE MONITOR', isInSuper: true },
  { purpose: 'reading the position in the binary log', isVital: true, mysql: 'REPLICATION CLIENT', mariadb: 'BINLOG MONITOR', isInSuper: true },
  { purpose: 'stopping, starting and changing replication', isVital: true, mysql: 'REPLICATION_SLAVE_ADMIN', mariadb: 'REPLICATION SLAVE ADMIN', isInSuper: true },
  { purpose: 'setting read_only', isVital: true, mysql: 'SYSTEM_VARIABLES_ADMIN', mariadb: 'READ_ONLY ADMIN', isInSuper: true },
  { purpose: 'making a promoted server forget its source', isVital: true, mysql: 'RELOAD', mariadb: 'RELOAD', isInSuper: false },
  { purpose: 'finding replicas that are connected', isVital: false, mysql: 'PROCESS', mariadb: 'PROCESS', isInSuper: false },
  { purpose: 'finding replicas that report themselves', isVital: false, mysql: 'REPLICATION SLAVE', mariadb: 'REPLICATION MASTER ADMIN', isInSuper: false },
  { purpose: 'killing a query', isVital: false, mysql: 'CONNECTION_ADMIN', mariadb: 'CONNECTION ADMIN', isInSuper: true },
]

export const purposes: readonly string[] = needs.map(({ purpose }) => purpose)

/** The privileges that SUPER was split into came with these versions; before them SUPER itself is to be granted. */
const splitSuper = ({ mysql }: Need, version: ServerVersion): boolean =>
  (version.flavour === 'MariaDB' ? isAtLeast(version, 10, 5, 9) : isAtLeast(version, 8, 0) || !mysql.includes('_'))

/** Older MariaDB reads the state of replication with what MySQL wants. */
const nameIn = (need: Need, version: ServerVersion): string => {
  if (splitSuper(need, version)) return version.flavour === 'MariaDB' ? need.mariadb : need.mysql
  return need.isInSuper && need.mysql.includes('_') ? 'SUPER' : need.mysql
}

/** Since MariaDB 11.0 SUPER does not include them any more. */
const superHelps = (version: ServerVersion): boolean => version.flavour !== 'MariaDB' || !isAtLeast(version, 11, 0)

export interface MissingPrivilege {
  readonly purpose: string
  readonly privilege: string
  readonly account: string
}

/** What the account lacks, vital or not; null when the server did not tell what it has. */
export function missingPrivileges({ privileges, account }: Examination, version: ServerVersion, isVital: boolean): readonly MissingPrivilege[] | null {
  if (privileges.length === 0) return null
  const has = new Set(privileges)
  if (has.has('ALL PRIVILEGES')) return []
  const missing = new Map<string, MissingPrivilege>()
  for (const need of needs.filter(need => need.isVital === isVital)) {
    const privilege = nameIn(need, version)
    if (has.has(privilege) || (need.isInSuper && superHelps(version) && has.has('SUPER')) || missing.has(privilege)) continue
    missing.set(privilege, { purpose: need.purpose, privilege, account })
  }
  return [...missing.values()]
}
