import { type SettingValues, setting } from '../../kit/setting.ts'

export const inventorySettings = {
  pollIntervalSeconds: setting<number>('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
  flushIntervalMilliseconds: setting<number>('InstanceFlushIntervalMilliseconds', 100, 'How long what was read waits for more before it is written to the store, with BufferInstanceWrites; at least 100.'),
  buffersWrites: setting<boolean>('BufferInstanceWrites', false, 'Let what was read wait for the time or the number of servers that are set; else it is written within 100 ms.'),
  writeBufferSize: setting<number>('InstanceWriteBufferSize', 100, 'Most servers written to the store in one batch; with BufferInstanceWrites so many do not wait.'),
  clusterNameToAlias: setting<Readonly<Record<string, string>>>('ClusterNameToAlias', {}, 'Pattern of a cluster name → alias, for clusters without one of their own.'),
}

export type InventorySettings = SettingValues<typeof inventorySettings>
