import { type SettingValues, setting } from '../../kit/setting.ts'

export const inventorySettings = {
  pollIntervalSeconds: setting<number>('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
  flushIntervalMilliseconds: setting<number>('InstanceFlushIntervalMilliseconds', 100, 'Shortest time between two writes of what was read to the store.'),
  writeBufferSize: setting<number>('InstanceWriteBufferSize', 100, 'Most servers written to the store in one batch.'),
  clusterNameToAlias: setting<Readonly<Record<string, string>>>('ClusterNameToAlias', {}, 'Pattern of a cluster name → alias, for clusters without one of their own.'),
}

export type InventorySettings = SettingValues<typeof inventorySettings>
