const create = "CREATE USER 'orchestrator'@'%' IDENTIFIED BY 'choose-a-password';"
const grant = (privileges: string, on = '*.*'): string => `GRANT ${privileges} ON ${on} TO 'orchestrator'@'%';`
const common = grant('SUPER, PROCESS, REPLICATION SLAVE, RELOAD')
const performance = grant('SELECT', 'performance_schema.*')

/** The account that the original's documents ask for, with what each kind of server wants besides; more is named by the doctor where it would help. */
export const accountStatements = {
  'mysql-8': [create, common, grant('SELECT', 'mysql.slave_master_info'), performance],
  // Members of groups and waiting statements, which performance_schema tells of, came later.
  'mysql-5.7': [create, common, grant('SELECT', 'mysql.slave_master_info')],
  'mariadb-10': [create, common, grant('REPLICATION MASTER ADMIN')],
  // Since 11.0 SUPER no longer includes what reading and changing replication needs (MariaDB manual, GRANT, "SUPER").
  'mariadb-11': [create, common, grant('SLAVE MONITOR, BINLOG MONITOR, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, READ_ONLY ADMIN, CONNECTION ADMIN')],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type ServerKind = keyof typeof accountStatements

/** As the makers call them, which is the same in every language. */
export const serverKinds: readonly { readonly value: ServerKind; readonly label: string }[] = [
  { value: 'mysql-8', label: 'MySQL 8, 9' },
  { value: 'mysql-5.7', label: 'MySQL 5.7' },
  { value: 'mariadb-10', label: 'MariaDB 10.5 – 10.11' },
  { value: 'mariadb-11', label: 'MariaDB 11, 12' },
]
