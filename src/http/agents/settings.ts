import { setting, type SettingValues } from '../../kit/setting.ts'

/** The port of agents: where it listens, with which key, and to whom. */
export const agentListenerSettings = {
  address: setting('AgentsServerPort', ':3001', 'Address on which agents are listened to.'),
  usesTls: setting<boolean>('AgentsUseSSL', false, 'Serve agents over TLS.'),
  asksClients: setting<boolean>('AgentsUseMutualTLS', false, 'Demand client certificates from agents.'),
  keyFile: setting('AgentSSLPrivateKeyFile', '', 'Private key, PEM.'),
  certificateFile: setting('AgentSSLCertFile', '', 'Certificate, PEM.'),
  authorityFile: setting('AgentSSLCAFile', '', 'Authorities of client certificates, PEM.'),
  skipsVerification: setting<boolean>('AgentSSLSkipVerify', false, 'Do not verify the certificate of another manager either.'),
  validUnits: setting<readonly string[]>('AgentSSLValidOUs', [], 'Organisational units a client certificate of an agent may carry.'),
  allowedAddresses: setting<readonly string[]>('AgentsAllowedAddresses', [], 'Addresses and networks that may talk to this port; empty: all.'),
}

export type AgentListenerSettings = SettingValues<typeof agentListenerSettings>
