import type { Statement } from '../driver/driver.ts'

/** Facts of the one SELECT of variables. */
export type VariableFact =
  | 'version' | 'versionComment' | 'hostname' | 'reportHost' | 'serverId' | 'readOnly' | 'superReadOnly' | 'logBin' | 'logReplicaUpdates'
  | 'binlogFormat' | 'binlogRowImage' | 'gtidMode' | 'serverUuid' | 'gtidExecuted' | 'gtidPurged'
  | 'gtidBinlogPos' | 'gtidSlavePos' | 'gtidCurrentPos' | 'gtidBinlogState' | 'gtidStrictMode'

/** Facts of one row of the replica status. */
export type StatusFact =
  | 'channel' | 'sourceHost' | 'sourcePort' | 'sourceUuid' | 'user' | 'receiver' | 'applier'
  | 'receiverErrorNumber' | 'receiverErrorText' | 'receiverErrorAt' | 'applierErrorNumber' | 'applierErrorText' | 'applierErrorAt'
  | 'readFile' | 'readPosition' | 'executedFile' | 'executedPosition' | 'relayFile' | 'relayPosition'
  | 'retrievedGtidSet' | 'executedGtidSet' | 'autoPosition' | 'usingGtid' | 'gtidIoPos' | 'secondsBehind' | 'delay'
  | 'connectRetry' | 'heartbeat' | 'retryCount' | 'bind' | 'tlsAllowed' | 'tlsCaFile' | 'tlsCaPath' | 'tlsCert' | 'tlsCipher' | 'tlsKey'
  | 'tlsCrlFile' | 'tlsCrlPath' | 'tlsVerify' | 'tlsVersion' | 'publicKeyPath' | 'getPublicKey'

/** Words of CHANGE; null where this dialect has none. */
export interface ChangeWords {
  readonly verb: string
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
  readonly logFile: string
  readonly logPosition: string
  readonly delay: string
  readonly autoPosition: string | null
  /** MariaDB's `master_use_gtid`. */
  readonly useGtid: string | null
  readonly ssl: string
  readonly sslCa: string
  readonly sslCaPath: string
  readonly sslCert: string
  readonly sslCipher: string
  readonly sslCrl: string
  readonly sslCrlPath: string
  readonly sslKey: string
  readonly sslVerify: string
  readonly tlsVersion: string | null
  readonly tlsCiphersuites: string | null
  readonly publicKeyPath: string | null
  readonly getPublicKey: string | null
  readonly heartbeat: string
  readonly connectRetry: string
  readonly retryCount: string | null
}

/** Names of the variables and status values of the semi-sync plugins; which set a server has is learnt from the server, never from its version. */
export interface SemiSyncNames {
  readonly newNames: boolean
  readonly source: { readonly enabled: string; readonly timeout: string; readonly waitCount: string; readonly waitAlone: string; readonly status: string; readonly clients: string }
  readonly replica: { readonly enabled: string; readonly status: string }
}

/** Everything that differs between server versions: statements and column names (in lower case). */
export interface Dialect {
  readonly name: string
  readonly family: 'mysql' | 'mariadb'
  /** Fact → expression. A fact that is not here is not asked. */
  readonly variables: Readonly<Partial<Record<VariableFact, string>>>

  readonly replicaStatus: Statement
  readonly statusColumns: Readonly<Partial<Record<StatusFact, string>>>
  /** Columns whose content means that the channel filters what it applies. */
  readonly filterColumns: readonly string[]
  readonly binlogStatus: Statement
  readonly listReplicas: Statement
  readonly connectedReplicas: Statement
  /** One row: how many statements wait for what keeps all writes waiting, since when, for what, and how many of them for the disk. */
  readonly writeWaits: Statement

  /** Facts that need more rights, or that hardly change. Null: not to be had from this server. */
  readonly receiverTimes: Statement | null
  /** A row for each replica that acknowledges, once however many connections of it are open still: its UUID, or what else tells it apart. */
  readonly acknowledgers: Statement | null
  readonly groupMembers: Statement | null
  readonly storedOptions: Statement | null
  /** The row with which the stored replication account is copied to another server. */
  readonly storedCredentials: Statement | null

  /** One row: whatever is learnt once per connection and every minute: `uptime`, `utc_offset_minutes`, `plain_backslash`, `account`. */
  readonly learn: Statement
  /** Rows of one column: which variables of plugins there are (semi-sync, group replication). */
  readonly learnPlugins: Statement
  /** Rows of one column: `schema.table` of what we may read beyond the common tables. Null: nothing to learn. */
  readonly learnReadable: Statement | null
  /** Reads status values by name: two columns, name and value. */
  readonly statusValues: (names: readonly string[]) => Statement

  readonly stopReceiver: Statement
  readonly startReceiver: Statement
  /** The same with so little patience for this one connection; null: it can be stopped while it tries, and needs none. */
  readonly startTrying: ((start: Statement, seconds: number) => Statement) | null
  readonly startApplier: Statement
  readonly stopApplier: Statement
  readonly stopReplication: Statement
  readonly startReplication: Statement
  readonly forgetSource: Statement
  readonly setReadOnly: Statement
  readonly setSuperReadOnly: Statement | null
  readonly setWritable: Statement
  readonly change: ChangeWords
  /** Puts the name of a channel behind a statement. */
  readonly onChannel: (statement: Statement, quotedChannel: string) => Statement
  /** One column: 0 when reached. `set` is quoted. */
  readonly waitExecuted: (set: string, seconds: number) => Statement
  /** One column: null when the applier does not run, below zero when the time is over. `file` is quoted. */
  readonly waitPosition: (file: string, position: string, seconds: number) => Statement
  /** Throws away all binary logs, and on MySQL the memory of what was executed. */
  readonly resetBinlogs: Statement
  readonly skipNextEvent: Statement
  /** It takes one statement at a time, knows few, and executes nothing of what it reads. */
  readonly isBinlogServer?: true
}
