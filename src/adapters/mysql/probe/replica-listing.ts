import { compareKeys, hostOf, instanceKey, type InstanceKey, isValidKey, portOf } from '../../../model/topology/instance-key.ts'
import type { Rows } from '../driver/rows.ts'

export interface Listing {
  readonly replicas: readonly InstanceKey[]
  /** Some usable row was there (even one that is to be ignored), so that the process list need not be asked. */
  readonly works: boolean
}

/** SHOW REPLICAS: host and port as the replicas report them. A row without either ends the listing (contract discovery.md 4). */
export function readListing(rows: Rows, isIgnoredUser: (user: string) => boolean): Listing {
  const replicas = new Set<InstanceKey>()
  let works = false
  for (const row of rows.all()) {
    const key = instanceKey(row.text('host'), row.number('port') ?? 0)
    if (hostOf(key) === '' || portOf(key) === 0) break
    works = true
    if (!isIgnoredUser(row.text('user'))) replicas.add(key)
  }
  return { replicas: [...replicas].sort(compareKeys), works }
}

/** The SQL nodes of an NDB Cluster but this one: by host, or by host and port where the address has one. */
export function readClusterNodes(rows: Rows, own: InstanceKey): readonly InstanceKey[] {
  const keys = rows.all().map(row => {
    const [, host = '', port] = /^(.*?)(?::(\d+))?\/?$/.exec(row.text('mysql_host')) ?? []
    return instanceKey(host, port === undefined ? portOf(own) : Number(port))
  })
  return [...new Set(keys)].filter(key => isValidKey(key) && key !== own)
}

/** The process list: hosts of connected replicas; their port is taken to be the port of this server. */
export function readConnected(rows: Rows, ownPort: number, isIgnoredUser: (user: string) => boolean): readonly InstanceKey[] {
  const replicas = new Set<InstanceKey>()
  for (const row of rows.all()) {
    const key = instanceKey(row.text('replica_host'), ownPort)
    if (isValidKey(key) && !isIgnoredUser(row.text('user'))) replicas.add(key)
  }
  return [...replicas].sort(compareKeys)
}
