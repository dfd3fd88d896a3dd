import { type RawBuilder, sql } from 'kysely'
import type { EngineKind } from '../schema/statements.ts'

/** The database's own clock, in ms since 1970: the same for all processes that share it, whatever their machines' clocks say. */
export const databaseMilliseconds = (kind: EngineKind): RawBuilder<number> =>
  (kind === 'mysql' ? sql<number>`cast(unix_timestamp(now(3)) * 1000 as unsigned)` : sql<number>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`)
