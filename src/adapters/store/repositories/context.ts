import type { Clock } from '../../../ports/clock.ts'
import type { Database, Engine } from '../dialects/engine.ts'

/** What every repository is made of. */
export interface Context {
  readonly database: Database
  readonly engine: Engine
  /** The backend as node_health names it: host:port, or the file. */
  readonly address: string
  readonly clock: Pick<Clock, 'now'>
}

export const rowsPerPage = 20
