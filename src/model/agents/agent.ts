/** A logical volume of a host, as its agent lists it. */
export interface LogicalVolume {
  readonly name: string
  readonly groupName: string
  readonly path: string
  readonly isSnapshot: boolean
  /** How full a snapshot is. */
  readonly snapshotPercent: number | null
}

/** Where an agent mounts snapshots, and what is there. */
export interface MountPoint {
  readonly path: string
  readonly device: string
  readonly volumePath: string
  readonly fileSystem: string
  readonly isMounted: boolean
  readonly diskUsageBytes: number | null
  readonly mysqlDataPath: string
  readonly mysqlDiskUsageBytes: number | null
}

/** What an agent answered, question by question; null: it did not answer that one. */
export interface AgentReport {
  readonly localSnapshotHosts: readonly string[] | null
  readonly snapshotHosts: readonly string[] | null
  readonly volumes: readonly LogicalVolume[] | null
  readonly mountPoint: MountPoint | null
  readonly isMysqlRunning: boolean | null
  readonly mysqlPort: number | null
  readonly mysqlDiskUsageBytes: number | null
  readonly dataFolderFreeBytes: number | null
  readonly errorLogTail: readonly string[] | null
}

export const noReport: AgentReport = {
  localSnapshotHosts: null, snapshotHosts: null, volumes: null, mountPoint: null, isMysqlRunning: null, mysqlPort: null, mysqlDiskUsageBytes: null, dataFolderFreeBytes: null,
  errorLogTail: null,
}

/** What an agent can be told to do. */
export type AgentCommand =
  | { readonly do: 'unmount' }
  | { readonly do: 'mount'; readonly volume: string }
  | { readonly do: 'remove-volume'; readonly volume: string }
  | { readonly do: 'create-snapshot' }
  | { readonly do: 'stop-mysql' }
  | { readonly do: 'start-mysql' }
  | { readonly do: 'erase-data' }
  | { readonly do: 'receive'; readonly seed: number }
  | { readonly do: 'send'; readonly to: string; readonly seed: number }
  | { readonly do: 'abort'; readonly seed: number }
  | { readonly do: 'post-copy'; readonly from: string }
  | { readonly do: 'custom'; readonly name: string }

/** A host's name as it may stand in an address: nothing in it can lead elsewhere. */
export const isHostName = (text: string): boolean => text.length <= 128 && /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/.test(text)
