/** Collects bytes up to a bound and reads them as text; bytes that are not UTF-8 become the replacement character. */
export class BoundedText {
  readonly #bytesMax: number
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #dropped = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  add(chunk: Buffer): void {
    const room = this.#bytesMax - this.#bytes
    const kept = chunk.length <= room ? chunk : chunk.subarray(0, room)
    if (kept.length > 0) this.#chunks.push(kept)
    this.#bytes += kept.length
    this.#dropped += chunk.length - kept.length
  }

  text(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8')
    return this.#dropped === 0 ? text : `${text}\n… ${this.#dropped} more bytes were dropped`
  }
}
