import type { Dialect } from './dialect.ts'
import { mysql8026 } from './mysql-8-0.ts'

/** 8.2 and later, 8.4 and 9.x included: SHOW BINARY LOG STATUS. The words that 8.4 refuses were already left behind by then. */
export const mysql82: Dialect = {
  ...mysql8026,
  name: 'mysql-8.2',
  binlogStatus: { ...mysql8026.binlogStatus, sql: 'SHOW BINARY LOG STATUS' },
  resetBinlogs: { ...mysql8026.resetBinlogs, sql: 'RESET BINARY LOGS AND GTIDS' },
}
