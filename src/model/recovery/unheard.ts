import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** Receivers that call themselves connected, each with the place up to which it has received. */
export type Received = ReadonlyMap<InstanceKey, string>

export function receivedOf(replicas: readonly Instance[]): Received {
  return new Map(replicas.flatMap(({ key, replication: link, ...rest }) => {
    if (link === null || link.receiver !== 'running' || !isLastCheckValid({ key, replication: link, ...rest })) return []
    const { readCoordinates: read, retrievedGtidSet, lastHeardAt } = link
    return [[key, `${read?.file ?? ''}:${read?.position ?? ''} ${retrievedGtidSet} ${lastHeardAt ?? ''}`] as const]
  }))
}

/** Whether something has come to one of them since: then the source lives, and it is we who cannot reach it. */
export const hasReceived = (before: Received, now: Received): boolean => [...now].some(([key, place]) => before.has(key) && before.get(key) !== place)
