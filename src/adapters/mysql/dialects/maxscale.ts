import type { Dialect } from './dialect.ts'
import { mysql57 } from './mysql-5-7.ts'

/**
 * The binlog server of MaxScale: it hands on the log of its source byte by byte and knows a handful of statements by their text, one at a time.
 * It executes nothing, so that how far it has read is how far it is. Source: MaxScale documentation, "Binlogrouter".
 */
export const maxscale: Dialect = {
  ...mysql57,
  name: 'maxscale',
  variables: {},
  receiverTimes: null,
  acknowledgers: null,
  groupMembers: null,
  storedOptions: null,
  storedCredentials: null,
  learnReadable: null,
  setSuperReadOnly: null,
  change: { ...mysql57.change, autoPosition: null, useGtid: null },
  onChannel: statement => statement,
  /** It knows no function that waits: its status is read again and again. */
  waitPosition: () => mysql57.replicaStatus,
  isBinlogServer: true,
}

/** The statements that only these are asked. Their texts are matched by the server, so that nothing may be added to them. */
export const maxscaleStatements = {
  isIt: { sql: "SHOW VARIABLES LIKE 'maxscale%'" },
  serverId: { sql: 'SELECT @@global.server_id' },
  serverUuid: { sql: 'SELECT @@global.server_uuid' },
  /** What 1.1.0 knows instead: `hostname` is the host of its source there. */
  firstHostname: { sql: 'SELECT @@hostname' },
  firstServerId: { sql: 'SELECT @@server_id' },
} as const
