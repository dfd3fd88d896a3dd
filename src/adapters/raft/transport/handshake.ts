import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Versions of the frames and messages that this program speaks: the highest that both know is spoken. */
export const versions = { lowest: 1, highest: 1 } as const

/** Said first, by the one who connects. */
export interface Hello {
  readonly orchestratorRaft: { readonly lowest: number; readonly highest: number }
  /** For one question only, whoever is there: `from` is an address then, and `group` and `to` mean nothing. */
  readonly asks?: true
  readonly group: string
  readonly from: string
  readonly to: string
  readonly nonce: string
}

export type Welcome =
  | { readonly version: number; readonly nonce: string; readonly wantsProof: boolean }
  /** `member`: who really is here. */
  | { readonly refusal: 'not-for-me' | 'unknown-member' | 'version' | 'certificate'; readonly member: string }

export const nonce = (): string => randomBytes(24).toString('hex')

export function readHello(payload: Uint8Array): Hello {
  const given = object(payload)
  const { orchestratorRaft, group, from, to, nonce: theirs } = given
  const { lowest, highest } = (typeof orchestratorRaft === 'object' && orchestratorRaft !== null ? orchestratorRaft : {}) as Record<string, unknown> // looked at below
  if (!Number.isSafeInteger(lowest) || !Number.isSafeInteger(highest)) throw new TypeError('a greeting that names no versions')
  for (const [name, value] of Object.entries({ group, from, to, nonce: theirs })) if (typeof value !== 'string' || value === '') throw new TypeError(`a greeting without ${name}`)
  if (given['asks'] !== undefined && given['asks'] !== true) throw new TypeError('a greeting that may or may not ask')
  return given as unknown as Hello // every field was looked at
}

export function readWelcome(payload: Uint8Array): Welcome {
  const given = object(payload)
  if (typeof given['refusal'] === 'string') return { refusal: given['refusal'], member: String(given['member']) } as Welcome // shown, and not decided upon
  if (given['version'] !== versions.highest || typeof given['nonce'] !== 'string' || typeof given['wantsProof'] !== 'boolean') throw new TypeError('an answer to the greeting that is none')
  return { version: given['version'], nonce: given['nonce'], wantsProof: given['wantsProof'] }
}

export const readProof = (payload: Uint8Array): string => {
  const { proof } = object(payload)
  if (typeof proof !== 'string') throw new TypeError('no proof was given')
  return proof
}

export const encode = (value: object): Uint8Array => Buffer.from(JSON.stringify(value))

/**
 * What follows from the shared secret and from both sides' first words, random numbers included. So nothing that was overheard on another connection fits, no
 * answer can be sent back to the one it came from, and who changes a first word on the way is found out.
 */
export class Shared {
  readonly #secret: string
  readonly #words: Uint8Array

  constructor(secret: string, hello: Uint8Array, welcome: Uint8Array) {
    this.#secret = secret
    this.#words = createHmac('sha256', 'first words').update(String(hello.length)).update(':').update(hello).update(welcome).digest()
  }

  proof(of: 'dialer' | 'acceptor'): string {
    return this.#derive(`proof of the ${of}`).toString('hex')
  }

  proves(of: 'dialer' | 'acceptor', proof: string): boolean {
    const expected = this.#derive(`proof of the ${of}`)
    const given = Buffer.from(proof, 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

  frameKey(from: 'dialer' | 'acceptor'): Uint8Array {
    return this.#derive(`frames of the ${from}`)
  }

  #derive(purpose: string): Buffer {
    return createHmac('sha256', this.#secret).update(purpose).update('\0').update(this.#words).digest()
  }
}

function object(payload: Uint8Array): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString())
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object where one was expected')
  return value as Record<string, unknown> // an object of unknown fields
}
