import type { SettingKey } from '../../src/config/keys.ts'

/** Settings that are known and checked and may be read by no part, with what stands instead; whoever makes one count takes it out. */
export const withoutEffect: Partial<Readonly<Record<SettingKey, string>>> = {
  EnableSyslog: 'the log goes to standard error',
  AuditToSyslog: 'the audit goes to the file, the store or the log',
  GraphiteAddr: 'nothing is sent to Graphite', GraphitePath: 'as GraphiteAddr', GraphiteConvertHostnameDotsToUnderscores: 'as GraphiteAddr', GraphitePollSeconds: 'as GraphiteAddr',
  SSLSkipVerify: 'certificates that are asked for are always checked',
  SeedAcceptableBytesDiff: 'a copy is done when the agent of the target says so; the original never used it either',
}
