import { readFileSync } from 'node:fs'
import type { AgentListenerSettings } from '../http/agents/settings.ts'
import type { PassOnParts } from '../http/leader/pass-on.ts'

type OwnTls = Pick<AgentListenerSettings, 'authorityFile' | 'certificateFile' | 'keyFile' | 'skipsVerification' | 'asksClients'> & { readonly keyPassword?: string }

/** How a leader that is reached through TLS is checked, and told who asks. Read at start: an unreadable file then is a clear error. */
export function towardsLeader({ authorityFile, certificateFile, keyFile, keyPassword = '', skipsVerification, asksClients }: OwnTls): PassOnParts['tls'] {
  return {
    ...(authorityFile === '' ? {} : { ca: readFileSync(authorityFile) }), ...(skipsVerification ? { rejectUnauthorized: false } : {}),
    ...(asksClients && certificateFile !== '' ? { cert: readFileSync(certificateFile), key: readFileSync(keyFile), ...(keyPassword === '' ? {} : { passphrase: keyPassword }) } : {}),
  }
}
