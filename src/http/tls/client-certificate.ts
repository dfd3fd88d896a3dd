import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

export interface CertificateRule {
  readonly validUnits: readonly string[]
  /** The one whole path that needs no certificate; null: every path does. The original looked for it anywhere in the address, query included. */
  readonly openPath: string | null
}

/** Why a request may not pass, in the original's words; null: it may. `path` is decoded, without the query. */
export function certificateRefusal(rule: CertificateRule, socket: Socket, path: string): 'No TLS' | 'Invalid OU' | null {
  if (rule.openPath !== null && rule.openPath !== '' && (path === rule.openPath || path === `${rule.openPath}/`)) return null
  if (!(socket instanceof TLSSocket)) return 'No TLS'
  return socket.authorized && unitsOf(socket).some(unit => rule.validUnits.includes(unit)) ? null : 'Invalid OU'
}

/** A certificate may name several units. */
function unitsOf(socket: TLSSocket): readonly string[] {
  const unit: unknown = socket.getPeerCertificate().subject?.OU
  return Array.isArray(unit) ? unit.map(String) : typeof unit === 'string' ? [unit] : []
}

/** A certificate that cannot be verified is worse than none: whoever shows it is not talked to. */
export const showsUnverified = (socket: TLSSocket): boolean => !socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0
