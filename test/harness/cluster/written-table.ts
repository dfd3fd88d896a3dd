export const writtenTable = 'soak.rows_written'
export const writersCount = 4
export const writerAccount = { user: 'writer', password: 'Writer-pass-1' } as const

/** What a primary needs before clients write. */
export const writtenTableStatements: readonly string[] = [
  'CREATE DATABASE IF NOT EXISTS soak',
  `CREATE TABLE IF NOT EXISTS ${writtenTable} (id BIGINT PRIMARY KEY)`,
  `CREATE USER IF NOT EXISTS '${writerAccount.user}'@'%' IDENTIFIED WITH caching_sha2_password BY '${writerAccount.password}'`,
  `GRANT SELECT, INSERT ON soak.* TO '${writerAccount.user}'@'%'`,
]
