import { accounts } from './accounts.ts'
import type { Flavour } from './server-binary.ts'

export interface ReplicateOptions {
  /** By GTID (the default), or by the source's present file and position. */
  readonly gtid?: boolean
  /** Encrypts the replica's connection; `verify` checks the source's certificate with the certificate authority of the template. */
  readonly tls?: { readonly verify?: boolean }
  readonly heartbeatSeconds?: number
  /** How long the receiver waits before it connects again; the server's own default is 60. Default here: 1. */
  readonly connectRetrySeconds?: number
  /** Further options as the server spells them: `{ SOURCE_DELAY: 5 }`. */
  readonly more?: Readonly<Record<string, string | number>>
  /** Whether to wait until both threads run. Default: true. */
  readonly wait?: boolean
}

export interface SourcePlace {
  readonly host: string
  readonly port: number
  readonly certificateAuthority: string
  /** Present file and position of the source's binary log: used without GTID. */
  readonly position: { readonly file: string; readonly position: number }
}

/** The words of each flavour for the same acts; the server under test is asked by its own, not by the program's dialects. */
export interface ReplicationWords {
  readonly start: string
  readonly stop: string
  readonly reset: string
  readonly status: string
  readonly binlogStatus: string
  readonly receiverColumn: string
  readonly applierColumn: string
  changeSource(source: SourcePlace, options: ReplicateOptions): string
}

export const replicationWords: Record<Flavour, ReplicationWords> = {
  mysql: {
    start: 'START REPLICA',
    stop: 'STOP REPLICA',
    reset: 'RESET REPLICA ALL',
    status: 'SHOW REPLICA STATUS',
    binlogStatus: 'SHOW BINARY LOG STATUS',
    receiverColumn: 'Replica_IO_Running',
    applierColumn: 'Replica_SQL_Running',
    changeSource: (source, options) => {
      const tls = options.tls
        ? { SOURCE_SSL: 1, ...(options.tls.verify ? { SOURCE_SSL_CA: source.certificateAuthority } : {}) }
        : { SOURCE_SSL: 0, GET_SOURCE_PUBLIC_KEY: 1 }
      const position = options.gtid === false
        ? { SOURCE_AUTO_POSITION: 0, SOURCE_LOG_FILE: source.position.file, SOURCE_LOG_POS: source.position.position }
        : { SOURCE_AUTO_POSITION: 1 }
      const heartbeat = options.heartbeatSeconds === undefined ? {} : { SOURCE_HEARTBEAT_PERIOD: options.heartbeatSeconds }
      return `CHANGE REPLICATION SOURCE TO ${assignments({
        SOURCE_HOST: source.host, SOURCE_PORT: source.port, SOURCE_USER: accounts.replication.user, SOURCE_PASSWORD: accounts.replication.password,
        SOURCE_CONNECT_RETRY: options.connectRetrySeconds ?? 1, ...position, ...tls, ...heartbeat, ...options.more,
      })}`
    },
  },
  mariadb: {
    start: 'START SLAVE',
    stop: 'STOP SLAVE',
    reset: 'RESET SLAVE ALL',
    status: 'SHOW SLAVE STATUS',
    binlogStatus: 'SHOW MASTER STATUS',
    receiverColumn: 'Slave_IO_Running',
    applierColumn: 'Slave_SQL_Running',
    changeSource: (source, options) => {
      const position = options.gtid === false ? { MASTER_LOG_FILE: source.position.file, MASTER_LOG_POS: source.position.position } : {}
      const heartbeat = options.heartbeatSeconds === undefined ? {} : { MASTER_HEARTBEAT_PERIOD: options.heartbeatSeconds }
      const byGtid = options.gtid === false ? 'no' : 'slave_pos'
      return `CHANGE MASTER TO ${assignments({
        MASTER_HOST: source.host, MASTER_PORT: source.port, MASTER_USER: accounts.replication.user, MASTER_PASSWORD: accounts.replication.password,
        MASTER_CONNECT_RETRY: options.connectRetrySeconds ?? 1, MASTER_SSL: options.tls ? 1 : 0, MASTER_SSL_VERIFY_SERVER_CERT: options.tls?.verify ? 1 : 0,
        ...position, ...heartbeat, ...options.more,
      })}, MASTER_USE_GTID = ${byGtid}`
    },
  },
}

function assignments(values: Readonly<Record<string, string | number>>): string {
  const literal = (value: string | number) => (typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`)
  return Object.entries(values).map(([name, value]) => `${name} = ${literal(value)}`).join(', ')
}
