import type { Database } from './engine.ts'

/** All or nothing: in a transaction of its own, or as a part of the one that is under way. */
export const inTransaction = <Value>(database: Database, act: (on: Database) => Promise<Value>): Promise<Value> =>
  (database.isTransaction ? act(database) : database.transaction().execute(act))
