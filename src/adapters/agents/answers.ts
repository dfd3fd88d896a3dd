import type { LogicalVolume, MountPoint } from '../../model/agents/agent.ts'

/** What an agent answered, as it came from JSON; null where it is not what was expected. */

export const texts = (value: unknown): readonly string[] | null => (Array.isArray(value) && value.every(entry => typeof entry === 'string') ? value : null)
export const truth = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)
/** A count: of bytes, or a port. */
export const count = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.trunc(value) : null)

export function volumes(value: unknown): readonly LogicalVolume[] | null {
  // An agent without volumes answers an empty list, or null.
  if (value === null) return []
  if (!Array.isArray(value)) return null
  const read = value.map((entry: unknown): LogicalVolume | null => {
    const of = members(entry)
    if (of === null || typeof of['Path'] !== 'string' || of['Path'] === '') return null
    return { name: text(of['Name']), groupName: text(of['GroupName']), path: of['Path'], isSnapshot: of['IsSnapshot'] === true, snapshotPercent: number(of['SnapshotPercent']) }
  })
  return read.every(entry => entry !== null) ? read : null
}

export function mountPoint(value: unknown): MountPoint | null {
  const of = members(value)
  if (of === null || typeof of['IsMounted'] !== 'boolean') return null
  return {
    path: text(of['Path']), device: text(of['Device']), volumePath: text(of['LVPath']), fileSystem: text(of['FileSystem']), isMounted: of['IsMounted'],
    diskUsageBytes: count(of['DiskUsage']), mysqlDataPath: text(of['MySQLDataPath']), mysqlDiskUsageBytes: count(of['MySQLDiskUsage']),
  }
}

/** An agent says in an envelope that a command failed, with whatever status. */
export function refusalIn(value: unknown): string | null {
  const of = members(value)
  return of === null || of['Code'] !== 'ERROR' ? null : text(of['Message']) || 'the agent answered ERROR'
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const members = (value: unknown): Readonly<Record<string, unknown>> | null =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null) // an object of JSON has such members
