import type { Socket } from 'node:net'
import { type Frame, type FrameKind, FrameReader, FrameWriter } from './frames.ts'
import { strangerFrameBytesMax } from './options.ts'

/** One connection as frames, for either side. Ends itself at the first byte that is not as it has to be. */
export class Connection {
  readonly #socket: Socket
  readonly #reader = new FrameReader(strangerFrameBytesMax)
  readonly #writer = new FrameWriter()
  #isOver = false
  onFrame: (frame: Frame) => void = () => undefined
  /** Once, with the reason where there is one. */
  onEnd: (error: Error | null) => void = () => undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('error', error => this.end(error))
    socket.on('close', () => this.end(null))
  }

  get waitingBytes(): number {
    return this.#socket.writableLength
  }

  get isOver(): boolean {
    return this.#isOver
  }

  send(kind: FrameKind, payload: Uint8Array): void {
    if (!this.#isOver) this.#socket.write(this.#writer.encode({ kind, payload }))
  }

  protectWriting(key: Uint8Array): void {
    this.#writer.protect(key)
  }

  protectReading(key: Uint8Array): void {
    this.#reader.protect(key)
  }

  allow(frameBytesMax: number): void {
    this.#reader.allow(frameBytesMax)
  }

  /** What was sent before still goes out, for as long as the other side takes it. */
  endAfterSending(): void {
    if (this.#isOver) return
    this.#socket.end()
    this.#socket.setTimeout(1000, () => this.#socket.destroy())
  }

  end(error: Error | null): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.destroy()
    this.onEnd(error)
  }

  #read(bytes: Buffer): void {
    this.#reader.add(bytes)
    try {
      for (let frame = this.#reader.next(); frame !== null && !this.#isOver; frame = this.#reader.next()) this.onFrame(frame)
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
