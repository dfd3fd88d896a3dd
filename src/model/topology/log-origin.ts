import type { InstanceKey } from './instance-key.ts'
import type { Topology } from './topology.ts'

/**
 * The server whose binary log one gets who replicates from `key`. A binlog server hands on the log of its source byte by byte, so that a file and a
 * position mean the same on both; every other server writes a log of its own. Null in a ring of binlog servers.
 */
export function logOrigin(topology: Topology, key: InstanceKey): InstanceKey | null {
  const seen = new Set<InstanceKey>()
  let at = key
  while (!seen.has(at)) {
    seen.add(at)
    const server = topology.get(at)
    if (server?.isBinlogServer !== true || server.replication === null) return at
    at = server.replication.source
  }
  return null
}

export const isBinlogServer = (topology: Topology, key: InstanceKey): boolean => topology.get(key)?.isBinlogServer ?? false
