import { readFileSync } from 'node:fs'
import type { Settings } from '../config/settings.ts'
import type { PassOnParts } from '../http/leader/pass-on.ts'

/** How a leader that is reached through TLS is checked, and told who asks. Read at start: an unreadable file then is a clear error. */
export function towardsLeader({ SSLCAFile, SSLCertFile, SSLPrivateKeyFile, SSLSkipVerify, UseMutualTLS }: Settings): PassOnParts['tls'] {
  return {
    ...(SSLCAFile === '' ? {} : { ca: readFileSync(SSLCAFile) }), ...(SSLSkipVerify ? { rejectUnauthorized: false } : {}),
    ...(UseMutualTLS && SSLCertFile !== '' ? { cert: readFileSync(SSLCertFile), key: readFileSync(SSLPrivateKeyFile) } : {}),
  }
}
