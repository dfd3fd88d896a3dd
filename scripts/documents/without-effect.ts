import type { SettingKey } from '../../src/config/keys.ts'

const noAgents = 'the agents\' server is not there'

/** Settings that are known and checked and may be read by no part, with what stands instead; whoever makes one count takes it out. */
export const withoutEffect: Partial<Readonly<Record<SettingKey, string>>> = {
  EnableSyslog: 'the log goes to standard error',
  AuditToSyslog: 'the audit goes to the file, the store or the log',
  GraphiteAddr: 'nothing is sent to Graphite', GraphitePath: 'as GraphiteAddr', GraphiteConvertHostnameDotsToUnderscores: 'as GraphiteAddr', GraphitePollSeconds: 'as GraphiteAddr',
  SSLSkipVerify: 'certificates that are asked for are always checked',
  AgentsServerPort: noAgents, ServeAgentsHttp: noAgents, AgentsUseSSL: noAgents, AgentsUseMutualTLS: noAgents, AgentSSLSkipVerify: noAgents, AgentSSLPrivateKeyFile: noAgents,
  AgentSSLCertFile: noAgents, AgentSSLCAFile: noAgents, AgentSSLValidOUs: noAgents, AgentPollMinutes: noAgents, UnseenAgentForgetHours: noAgents, StaleSeedFailMinutes: noAgents,
  SeedAcceptableBytesDiff: noAgents, SeedWaitSecondsBeforeSend: noAgents,
}
