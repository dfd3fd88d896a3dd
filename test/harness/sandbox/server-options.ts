import { userInfo } from 'node:os'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Flavour } from './server-binary.ts'

export interface ServerPlace {
  readonly flavour: Flavour
  readonly host: string
  readonly port: number
  readonly serverId: number
  /** The server's own folder: `data/`, `error.log`, the socket. */
  readonly folder: string
}

export const socketOf = (folder: string): string => join(folder, 'm.sock')
export const errorLogOf = (folder: string): string => join(folder, 'error.log')
export const dataOf = (folder: string): string => join(folder, 'data')

/**
 * The options of one server. Durability is the default one (every commit synced), so that measured times are honest. `npm test` sets
 * SANDBOX_SYNC=off: a killed process loses nothing that the kernel has, and a slow disk then decides no test.
 */
export function serverOptions(place: ServerPlace): string[] {
  return [
    ...storageOptions(place.flavour),
    `--datadir=${dataOf(place.folder)}`,
    `--socket=${socketOf(place.folder)}`,
    `--pid-file=${join(place.folder, 'm.pid')}`,
    `--log-error=${errorLogOf(place.folder)}`,
    `--bind-address=${isIP(place.host) ? place.host : '127.0.0.1'}`,
    `--port=${place.port}`,
    `--server-id=${place.serverId}`,
    `--report-host=${place.host}`,
    `--report-port=${place.port}`,
    '--skip-name-resolve',
    '--log-bin=binlog',
    '--performance-schema=ON',
    '--max-connections=120',
    '--table-open-cache=256',
    '--table-definition-cache=400',
    '--relay-log=relay',
    ...optionsOf[place.flavour],
    ...(process.env['SANDBOX_SYNC'] === 'off' ? ['--sync-binlog=0', '--innodb-flush-log-at-trx-commit=2', '--innodb-flush-method=nosync'] : []),
  ]
}

const optionsOf: Record<Flavour, readonly string[]> = {
  mysql: [
    '--gtid-mode=ON',
    '--enforce-gtid-consistency=ON',
    '--log-replica-updates=ON',
    '--mysqlx=OFF',
    '--replica-parallel-workers=2',
    '--innodb-purge-threads=1',
    '--innodb-page-cleaners=1',
    // Memory that nobody here needs, which each start would have to fill: some 150 MiB and a third of its time in the kernel.
    '--innodb-log-buffer-size=1M',
    '--key-buffer-size=64K',
    '--performance-schema-error-size=0',
    '--performance-schema-accounts-size=10',
    '--performance-schema-users-size=10',
    '--performance-schema-hosts-size=10',
  ],
  mariadb: ['--binlog-format=ROW', '--log-slave-updates=ON', '--sync-binlog=1', '--gtid-strict-mode=ON'],
}

/** The options that must be the same when a data folder is initialised and when it is used. */
export function storageOptions(flavour: Flavour): string[] {
  return [
    ...(userInfo().uid === 0 ? ['--user=root'] : []),
    '--innodb-buffer-pool-size=32M',
    '--innodb-autoextend-increment=1',
    '--innodb-data-file-path=ibdata1:5M:autoextend',
    '--innodb-read-io-threads=1',
    `--innodb-write-io-threads=${flavour === 'mysql' ? 1 : 2}`,
    ...(flavour === 'mysql' ? ['--innodb-redo-log-capacity=8M', '--secure-file-priv=NULL'] : ['--innodb-log-file-size=8M']),
  ]
}
