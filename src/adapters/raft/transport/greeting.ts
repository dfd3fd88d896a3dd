import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { LinkState } from '../../../ports/raft-transport.ts'
import { splitAddress } from './address.ts'
import type { Connection } from './connection.ts'
import { encode, type Hello, nonce, readProof, readWelcome, Shared, versions } from './handshake.ts'
import type { Lookups } from './lookups.ts'
import type { TransportOptions } from './options.ts'

type Unreachable = Extract<LinkState, { readonly state: 'unreachable' }>

/** On its way to `address`; the name is resolved now. */
export function socketTo(address: string, { tls }: Pick<TransportOptions, 'tls'>, { lookup }: Lookups): Socket {
  const { host, port } = splitAddress(address)
  if (tls === null) return connectPlain({ host, port, lookup })
  return connectTls({ host, port, lookup, key: tls.key, cert: tls.certificate, ca: tls.authority, rejectUnauthorized: true, minVersion: 'TLSv1.2' })
}

export interface Greeting {
  readonly connection: Connection
  readonly address: string
  readonly secret: string | null
  readonly says: Pick<Hello, 'asks' | 'group' | 'from' | 'to'>
  /** Both sides have proved what they have to; frames are protected from here on. */
  open(): void
  refused(told: Unreachable): void
}

/** The side of the one who connects: says who it is and whom it wants, and proves it. */
export function greet({ connection, address, secret, says, open, refused }: Greeting): void {
  const helloBytes = encode({ orchestratorRaft: versions, ...says, nonce: nonce() } satisfies Hello)
  let shared: Shared | null = null
  connection.onFrame = ({ kind, payload }) => {
    if (kind !== 'handshake') throw new Error(`a ${kind} before the greeting was over`)
    if (shared === null) {
      const welcome = readWelcome(payload)
      if ('refusal' in welcome) return refused({ state: 'unreachable', why: 'not-for-me', text: `${address} says: ${welcome.refusal}; there is ${welcome.member}` })
      if (welcome.wantsProof !== (secret !== null))
        return refused({ state: 'unreachable', why: 'not-proved', text: welcome.wantsProof ? `${address} asks for a secret, and none is set here` : `${address} has no secret` })
      shared = new Shared(secret ?? '', helloBytes, payload)
      connection.send('handshake', encode({ proof: secret === null ? '' : shared.proof('dialer') }))
      return undefined
    }
    if (secret !== null && !shared.proves('acceptor', readProof(payload))) return refused({ state: 'unreachable', why: 'not-proved', text: `${address} does not know the secret` })
    if (secret !== null) {
      connection.protectWriting(shared.frameKey('dialer'))
      connection.protectReading(shared.frameKey('acceptor'))
    }
    return open()
  }
  connection.send('handshake', helloBytes)
}
