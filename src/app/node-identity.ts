import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** Who this process is: the machine's name and a token of its own (contract high-availability.md 1). */
export interface NodeIdentity {
  readonly hostname: string
  readonly token: string
  readonly startedAt: number
}

export const newIdentity = (now: number): NodeIdentity => ({ hostname: hostname(), token: createHash('sha256').update(randomBytes(64)).digest('hex'), startedAt: now })
