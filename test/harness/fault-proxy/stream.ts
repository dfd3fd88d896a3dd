import type { Socket } from 'node:net'
import type { Rule } from './rules.ts'

/** So much is kept on its way; the sender then waits, as it does when a network takes no more. */
const keptBytesMax = 256 << 10

interface Piece {
  readonly bytes: Buffer
  readonly due: number
}

/** One direction of one connection: what comes from a socket goes to another one as the rule of the moment says. */
export class Stream {
  readonly #from: Socket
  readonly #to: Socket
  readonly #rule: () => Rule
  readonly #random: () => number
  #pieces: Piece[] = []
  #kept = 0
  #passed = 0
  #hasEnded = false
  #timer: NodeJS.Timeout | undefined
  #drippedAt = Number.NEGATIVE_INFINITY
  #isFull = false

  constructor(from: Socket, to: Socket, rule: () => Rule, random: () => number) {
    this.#from = from
    this.#to = to
    this.#rule = rule
    this.#random = random
    from.on('data', bytes => this.#take(bytes))
    from.on('end', () => this.#end())
    from.on('close', () => this.#end())
    to.on('drain', () => {
      this.#isFull = false
      this.#pass()
    })
  }

  /** The rule has changed. */
  apply(): void {
    this.#pass()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#pieces = []
  }

  #take(bytes: Buffer): void {
    const { delayMillis, jitterMillis } = this.#rule()
    const due = Math.max(performance.now() + delayMillis + this.#random() * jitterMillis, this.#pieces.at(-1)?.due ?? 0)
    this.#pieces.push({ bytes, due })
    this.#kept += bytes.length
    if (this.#kept > keptBytesMax) this.#from.pause()
    this.#pass()
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#pass()
  }

  /** Hands on what may go now, and comes back when the next piece is due. */
  #pass(): void {
    clearTimeout(this.#timer)
    while (!this.#isFull) {
      const piece = this.#pieces[0]
      if (piece === undefined) break
      const rule = this.#rule()
      const now = performance.now()
      const room = rule.holdAfterBytes === null ? Number.POSITIVE_INFINITY : rule.holdAfterBytes - this.#passed
      if (room <= 0) return // until the rule changes
      const waits = Math.max(piece.due - now, rule.drip === null ? 0 : this.#drippedAt + rule.drip.everyMillis - now)
      if (waits > 0) {
        this.#timer = setTimeout(() => this.#pass(), Math.ceil(waits))
        return
      }
      const size = Math.min(piece.bytes.length, room, rule.drip?.bytes ?? Number.POSITIVE_INFINITY)
      if (rule.drip !== null) this.#drippedAt = now
      this.#send(piece, size)
    }
    if (this.#hasEnded && this.#pieces.length === 0 && !this.#rule().hidesEnd && this.#rule().holdAfterBytes === null) this.#to.end()
  }

  #send(piece: Piece, size: number): void {
    if (size === piece.bytes.length) this.#pieces.shift()
    else this.#pieces[0] = { bytes: piece.bytes.subarray(size), due: piece.due }
    this.#kept -= size
    this.#passed += size
    if (this.#to.writable) this.#isFull = !this.#to.write(piece.bytes.subarray(0, size))
    if (this.#kept <= keptBytesMax && this.#from.isPaused()) this.#from.resume()
  }
}
