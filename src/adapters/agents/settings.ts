import { setting, type SettingValues } from '../../kit/setting.ts'

/** How agents are reached. */
export const agentClientSettings = {
  usesTls: setting<boolean>('AgentsUseSSL', false, 'Talk TLS with agents.'),
  skipsVerification: setting<boolean>('AgentSSLSkipVerify', false, 'Do not verify the certificates of agents.'),
  caFile: setting('AgentSSLCAFile', '', 'PEM CA bundle for agents.'),
  certificateFile: setting('AgentSSLCertFile', '', 'PEM certificate that is shown to agents when they ask for one.'),
  keyFile: setting('AgentSSLPrivateKeyFile', '', 'PEM private key of that certificate.'),
  requestSeconds: setting<number>('AgentRequestTimeoutSeconds', 60, 'Seconds in which an agent has to answer.'),
  tokenInQuery: setting<boolean>('AgentTokenInQuery', true, 'Write the token of an agent into the address as well.'),
}

export type AgentClientSettings = SettingValues<typeof agentClientSettings>
