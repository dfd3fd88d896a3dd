import type { MemberId } from '../../../model/raft/types.ts'

/** Certificates for both directions: each side shows one, and each checks that the other's is from this authority and for the other's host name. */
export interface TransportTls {
  readonly key: string | Buffer
  readonly certificate: string | Buffer
  readonly authority: string | Buffer
}

export interface TransportOptions {
  /** Null: of no group yet. */
  readonly member: MemberId | null
  readonly group: string | null
  readonly listen: { readonly host: string; readonly port: number }
  /** What every member knows and nobody else; null: whoever reaches the port may speak. Proves who is there, and protects each frame; it does not encrypt. */
  readonly secret: string | null
  readonly tls: TransportTls | null
  readonly limits: TransportLimits
}

export interface TransportLimits {
  /** Resolving, connecting and proving together. */
  readonly connectMilliseconds: number
  /** Between two attempts: doubled from the first to the last, then shortened at random by up to half, so that members do not come in step. */
  readonly redialFirstMilliseconds: number
  readonly redialLastMilliseconds: number
  readonly pingMilliseconds: number
  /** A connection on which nothing was heard for so long is given up: after a cut, the kernel's own repetitions come ever more rarely. */
  readonly silentMilliseconds: number
  /** The longest frame of a member; above what the policy of the core allows an append or a piece. */
  readonly frameBytesMax: number
  /** More than this waiting on one connection: further messages are dropped, and sent again later by the core. */
  readonly waitingBytesMax: number
  /** Connections of which nobody has proved anything yet. */
  readonly strangersMax: number
  /** Questions of others that are being answered, and how long that may take. */
  readonly questionsMax: number
  readonly questionMilliseconds: number
}

export const usualLimits: TransportLimits = {
  connectMilliseconds: 1000,
  redialFirstMilliseconds: 20,
  redialLastMilliseconds: 400,
  pingMilliseconds: 250,
  silentMilliseconds: 1500,
  frameBytesMax: 8 * 1024 * 1024,
  waitingBytesMax: 16 * 1024 * 1024,
  strangersMax: 32,
  questionsMax: 32,
  questionMilliseconds: 5000,
}

/** A shorter one could be guessed from what is overheard. */
export const secretLengthMin = 16

/** Longest frame before anybody has proved anything. */
export const strangerFrameBytesMax = 4096

/** Longest question or answer. */
export const questionBytesMax = 256 * 1024
