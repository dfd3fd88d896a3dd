import { readFileSync } from 'node:fs'
import type { Settings } from '../config/settings.ts'
import type { AgentListenerSettings } from '../http/agents/settings.ts'
import type { PassOnParts } from '../http/leader/pass-on.ts'

/** How a leader that is reached through TLS is checked, and told who asks. Read at start: an unreadable file then is a clear error. */
export function towardsLeader({ SSLCAFile, SSLCertFile, SSLPrivateKeyFile, SSLSkipVerify, UseMutualTLS }: Settings): PassOnParts['tls'] {
  return {
    ...(SSLCAFile === '' ? {} : { ca: readFileSync(SSLCAFile) }), ...(SSLSkipVerify ? { rejectUnauthorized: false } : {}),
    ...(UseMutualTLS && SSLCertFile !== '' ? { cert: readFileSync(SSLCertFile), key: readFileSync(SSLPrivateKeyFile) } : {}),
  }
}

/** The same for the port of agents of the one that leads. */
export function towardsAgentsOfLeader({ authorityFile, certificateFile, keyFile, skipsVerification, asksClients }: AgentListenerSettings): PassOnParts['tls'] {
  return {
    ...(authorityFile === '' ? {} : { ca: readFileSync(authorityFile) }), ...(skipsVerification ? { rejectUnauthorized: false } : {}),
    ...(asksClients && certificateFile !== '' ? { cert: readFileSync(certificateFile), key: readFileSync(keyFile) } : {}),
  }
}
