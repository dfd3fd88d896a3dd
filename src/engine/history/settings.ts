import { setting, type SettingValues } from '../../kit/setting.ts'

export const historySettings = {
  days: setting<number>('TopologyHistoryDays', 7, 'Days for which it is kept how the topology stood; 0: not at all.'),
  megabytesMax: setting<number>('TopologyHistoryMaxMegabytes', 100, 'What it may take; the oldest goes first.'),
}

export type HistorySettings = SettingValues<typeof historySettings>
