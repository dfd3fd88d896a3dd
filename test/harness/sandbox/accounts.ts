import type { Flavour } from './server-binary.ts'

/** The accounts every server of the sandbox has. `root` has no password and may only come through the socket or from 127.0.0.0/8. */
export const accounts = {
  root: { user: 'root', password: '' },
  replication: { user: 'repl', password: 'Repl-pass-1' },
  orchestrator: { user: 'orchestrator', password: 'Aa123456' },
} as const

const { replication, orchestrator } = accounts

/** SQL that makes the accounts in a new data folder, one statement a line. It runs without a binary log: no server begins with errant transactions. */
export function accountStatements(flavour: Flavour): string[] {
  return flavour === 'mysql' ? [...mysqlAccounts, ...commonGrants, ...mysqlGrants] : [...mariadbAccounts, ...commonGrants, ...mariadbGrants]
}

const mysqlAccounts = [
  `CREATE USER 'root'@'127.%'`,
  `CREATE USER '${replication.user}'@'%' IDENTIFIED WITH caching_sha2_password BY '${replication.password}'`,
  `CREATE USER '${orchestrator.user}'@'%' IDENTIFIED WITH caching_sha2_password BY '${orchestrator.password}'`,
]

const mariadbAccounts = [
  `CREATE USER 'root'@'127.%'`,
  `CREATE USER '${replication.user}'@'%' IDENTIFIED BY '${replication.password}'`,
  `CREATE USER '${orchestrator.user}'@'%' IDENTIFIED BY '${orchestrator.password}'`,
]

// What the users of the original were told to grant, and nothing more: the program must work with these.
const commonGrants = [
  `GRANT ALL ON *.* TO 'root'@'127.%' WITH GRANT OPTION`,
  `GRANT REPLICATION SLAVE ON *.* TO '${replication.user}'@'%'`,
  `GRANT SUPER, PROCESS, REPLICATION SLAVE, RELOAD ON *.* TO '${orchestrator.user}'@'%'`,
]

const mysqlGrants = [`GRANT SELECT ON mysql.slave_master_info TO '${orchestrator.user}'@'%'`]

// MariaDB has no such table, and since 11.0 SUPER no longer includes what reading and changing replication needs (MariaDB manual, GRANT, "SUPER").
const mariadbGrants = [`GRANT SLAVE MONITOR, BINLOG MONITOR, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, READ_ONLY ADMIN ON *.* TO '${orchestrator.user}'@'%'`]
