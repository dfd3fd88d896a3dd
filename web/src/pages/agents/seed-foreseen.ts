import type { AgentDetails } from '../../../../src/contract/agents.ts'

type Known = Pick<AgentDetails, 'host' | 'volumes' | 'mountPoint' | 'isMysqlRunning' | 'mysqlDiskUsageBytes' | 'dataFolderFreeBytes'>

export type SeedCheckName = 'stopped' | 'snapshot' | 'unmounted' | 'room'
export interface SeedCheck {
  readonly name: SeedCheckName
  /** `unknown`: the agent did not answer that. */
  readonly result: 'good' | 'bad' | 'unknown'
}

/** What a seed would do now, as both agents tell: null stands for what they did not answer. */
export interface SeedForeseen {
  readonly checks: readonly SeedCheck[]
  readonly volume: string | null
  readonly erasedBytes: number | null
  readonly copiedBytes: number | null
  readonly roomBytes: number | null
}

const judged = (good: boolean | null): SeedCheck['result'] => (good === null ? 'unknown' : good ? 'good' : 'bad')

/** The same questions, in the same order, that the service asks before the first step that destroys something. */
export function foreseeSeed(target: Known, source: Known): SeedForeseen {
  const erasedBytes = target.mysqlDiskUsageBytes
  const copiedBytes = source.mysqlDiskUsageBytes
  const roomBytes = target.dataFolderFreeBytes === null || erasedBytes === null ? null : target.dataFolderFreeBytes + erasedBytes
  return {
    checks: [
      { name: 'stopped', result: judged(target.isMysqlRunning === null ? null : !target.isMysqlRunning) },
      { name: 'snapshot', result: judged(source.volumes === null ? null : source.volumes.length > 0) },
      { name: 'unmounted', result: judged(source.mountPoint === null ? null : !source.mountPoint.isMounted) },
      { name: 'room', result: judged(roomBytes === null || copiedBytes === null ? null : copiedBytes <= roomBytes) },
    ],
    volume: source.volumes?.[0]?.path ?? null, erasedBytes, copiedBytes, roomBytes,
  }
}
