import { write } from 'node:fs'

/** Lines that wait for a reader who does not read; what comes beyond is dropped and counted. */
const waitingLettersMax = 1 << 20
const againMilliseconds = 50
const closeMilliseconds = 300

/** Writes lines to a file descriptor without ever waiting for whoever reads there: a terminal or a pipe may stand still for hours. */
export class LineSink {
  readonly #descriptor: number
  #waiting: string[] = []
  #letters = 0
  #dropped = 0
  #isWriting = false
  #isBroken = false
  #idle: (() => void)[] = []

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  write(line: string): void {
    if (this.#isBroken || this.#letters > waitingLettersMax) {
      this.#dropped++
      return
    }
    this.#waiting.push(line)
    this.#letters += line.length
    if (!this.#isWriting) this.#next()
  }

  /** Resolves when everything is written, or soon. */
  async close(): Promise<void> {
    if (!this.#isWriting) return
    await new Promise<void>(resolve => {
      const late = setTimeout(resolve, closeMilliseconds)
      this.#idle.push(() => {
        clearTimeout(late)
        resolve()
      })
    })
  }

  #next(): void {
    if (this.#waiting.length === 0) {
      this.#isWriting = false
      for (const told of this.#idle.splice(0)) told()
      return
    }
    this.#isWriting = true
    if (this.#dropped > 0) this.#waiting.push(`${this.#dropped} lines were dropped here: nobody read them\n`)
    this.#dropped = 0
    const bytes = Buffer.from(this.#waiting.join(''))
    this.#waiting = []
    this.#letters = 0
    this.#send(bytes)
  }

  #send(bytes: Buffer): void {
    write(this.#descriptor, bytes, (error, written) => {
      if (error === null) {
        if (written < bytes.length) this.#send(bytes.subarray(written))
        else this.#next()
      } else if (error.code === 'EAGAIN') setTimeout(() => this.#send(bytes), againMilliseconds).unref()
      else {
        // Whoever read is gone (EPIPE), or the disk is full: requests go on without their log.
        this.#isBroken = true
        this.#waiting = []
        this.#next()
      }
    })
  }
}
