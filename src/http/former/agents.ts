import type { AgentDetails, AgentEntry, SeedEntry, SeedStep } from '../../contract/agents.ts'
import type { LogicalVolume, MountPoint } from '../../model/agents/agent.ts'
import { formerTime } from './parts.ts'

const formerVolume = ({ name, groupName, path, isSnapshot, snapshotPercent }: LogicalVolume) => ({
  Name: name, GroupName: groupName, Path: path, IsSnapshot: isSnapshot, SnapshotPercent: snapshotPercent ?? 0,
})

const formerMountPoint = (mountPoint: MountPoint | null) => ({
  Path: mountPoint?.path ?? '', Device: mountPoint?.device ?? '', LVPath: mountPoint?.volumePath ?? '', FileSystem: mountPoint?.fileSystem ?? '', IsMounted: mountPoint?.isMounted ?? false,
  DiskUsage: mountPoint?.diskUsageBytes ?? 0, MySQLDataPath: mountPoint?.mysqlDataPath ?? '', MySQLDiskUsage: mountPoint?.mysqlDiskUsageBytes ?? 0,
})

/** An agent as the original's JSON has it; a list of agents fills only what was registered (contract agents.md 5). */
export function formerAgent(agent: AgentEntry | AgentDetails) {
  const details = 'volumes' in agent ? agent : null
  return {
    Hostname: agent.host, Port: agent.port, Token: '', LastSubmitted: formerTime(agent.submittedAt), AvailableLocalSnapshots: details?.localSnapshotHosts ?? null,
    AvailableSnapshots: details?.snapshotHosts ?? null, LogicalVolumes: details?.volumes?.map(formerVolume) ?? null, MountPoint: formerMountPoint(details?.mountPoint ?? null),
    MySQLRunning: details?.isMysqlRunning ?? false, MySQLDiskUsage: details?.mysqlDiskUsageBytes ?? 0, MySQLPort: agent.mysqlPort ?? 0,
    MySQLDatadirDiskFree: details?.dataFolderFreeBytes ?? 0, MySQLErrorLogTail: details?.errorLogTail ?? null,
  }
}

/** How the column reads that was never written. */
const neverEnded = '1971-01-01T00:00:00Z'

export const formerSeed = ({ id, target, source, startedAt, endedAt, isComplete, isSuccessful }: SeedEntry) => ({
  SeedId: id, TargetHostname: target, SourceHostname: source, StartTimestamp: formerTime(startedAt), EndTimestamp: endedAt === null ? neverEnded : formerTime(endedAt),
  IsComplete: isComplete, IsSuccessful: isSuccessful,
})

export const formerSeedState = ({ id, seed, at, action, error }: SeedStep) => ({
  SeedStateId: id, SeedId: seed, StateTimestamp: formerTime(at), Action: action, ErrorMessage: error,
})
