import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What travels on a connection: the length of what follows, one byte of kind, the payload, and where a secret is shared a code of 16 bytes over the frame's
 * number, its kind and its payload: a frame that was changed, left out, repeated or put in by somebody else ends the connection.
 */
export type FrameKind = 'handshake' | 'message' | 'ping' | 'pong' | 'question' | 'answer'
const kindNumbers: Readonly<Record<FrameKind, number>> = { handshake: 1, message: 2, ping: 3, pong: 4, question: 5, answer: 6 }
const kinds = new Map(Object.entries(kindNumbers).map(([kind, number]) => [number, kind as FrameKind])) // the keys of the record above

const codeBytes = 16

export interface Frame {
  readonly kind: FrameKind
  readonly payload: Uint8Array
}

export class FrameWriter {
  #key: Uint8Array | null = null
  #number = 0n

  /** From the next frame on. */
  protect(key: Uint8Array): void {
    this.#key = key
    this.#number = 0n
  }

  encode({ kind, payload }: Frame): Uint8Array {
    const code = this.#key === null ? new Uint8Array() : codeOf(this.#key, this.#number, kind, payload)
    this.#number += 1n
    const head = Buffer.allocUnsafe(5)
    head.writeUInt32LE(1 + payload.length + code.length, 0)
    head.writeUInt8(kindNumbers[kind], 4)
    return Buffer.concat([head, payload, code])
  }
}

export class FrameReader {
  #key: Uint8Array | null = null
  #number = 0n
  #bytesMax: number
  #waiting: Buffer[] = []
  #waitingBytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** From the next frame on. */
  protect(key: Uint8Array): void {
    this.#key = key
    this.#number = 0n
  }

  /** How long a frame may be from now on: small before anybody has proved anything. */
  allow(bytesMax: number): void {
    this.#bytesMax = bytesMax
  }

  add(bytes: Buffer): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
  }

  /** The next whole frame; null until it is there. Throws where the bytes are not ours. */
  next(): Frame | null {
    if (this.#waitingBytes < 5) return null
    const length = this.#peekLength()
    if (length < 1 || length > this.#bytesMax) throw new RangeError(`a frame of ${length} bytes; ${this.#bytesMax} are allowed`)
    if (this.#waitingBytes < 4 + length) return null
    const whole = this.#together()
    const frame = whole.subarray(4, 4 + length)
    this.#waiting = [whole.subarray(4 + length)]
    this.#waitingBytes -= 4 + length
    return this.#checked(frame)
  }

  #peekLength(): number {
    if ((this.#waiting[0]?.length ?? 0) < 4) this.#together()
    return this.#waiting[0]?.readUInt32LE(0) ?? 0
  }

  #together(): Buffer {
    const [first] = this.#waiting
    const whole = this.#waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.#waiting)
    this.#waiting = [whole]
    return whole
  }

  #checked(frame: Buffer): Frame {
    const kind = kinds.get(frame.readUInt8(0))
    if (kind === undefined) throw new RangeError(`a frame of unknown kind ${frame.readUInt8(0)}`)
    if (this.#key === null) return { kind, payload: frame.subarray(1) }
    const payloadEnd = frame.length - codeBytes
    if (payloadEnd < 1) throw new RangeError('a frame without its code')
    const payload = frame.subarray(1, payloadEnd)
    if (!timingSafeEqual(codeOf(this.#key, this.#number, kind, payload), frame.subarray(payloadEnd))) throw new RangeError('a frame whose code does not fit')
    this.#number += 1n
    return { kind, payload }
  }
}

function codeOf(key: Uint8Array, number: bigint, kind: FrameKind, payload: Uint8Array): Uint8Array {
  const head = Buffer.allocUnsafe(9)
  head.writeBigUInt64LE(number, 0)
  head.writeUInt8(kindNumbers[kind], 8)
  return createHmac('sha256', key).update(head).update(payload).digest().subarray(0, codeBytes)
}
