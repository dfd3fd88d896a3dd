import { setting, type SettingValues } from '../../kit/setting.ts'

/** How unique statements are written and found (contract pseudo-gtid.md section 2). */
export const pseudoGtidSettings = {
  injects: setting<boolean>('AutoPseudoGTID', false, 'Inject Pseudo-GTID entries on primaries automatically; sets the four related keys to fixed values while loading.'),
  pattern: setting('PseudoGTIDPattern', '', 'Pattern of Pseudo-GTID entries in the binary logs; empty disables Pseudo-GTID operations.'),
  isFixedSubstring: setting<boolean>('PseudoGTIDPatternIsFixedSubstring', false, 'Treat PseudoGTIDPattern as a plain substring, not as a regular expression.'),
  monotonicHint: setting('PseudoGTIDMonotonicHint', '', 'Substring that tells that Pseudo-GTID entries grow monotonically.'),
  chunkSize: setting<number>('BinlogEventsChunkSize', 10_000, 'Rows fetched per reading of binary or relay log events.'),
  skipContaining: setting<readonly string[] | null>('SkipBinlogEventsContaining', [], 'Events whose text has one of these are not compared.'),
  maintenanceLagSeconds: setting<number>('ReasonableMaintenanceReplicationLagSeconds', 20, 'Lag above which a server that is searched is given time to catch up.'),
}

export type PseudoGtidSettings = SettingValues<typeof pseudoGtidSettings>
