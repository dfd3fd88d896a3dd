const headerBytes = 4

/** Cuts a stream of bytes into packets. One that is longer than `bytesMax` is a broken stream, and `read` answers null. */
export class PacketReader {
  #rest: Buffer | null = null
  readonly #bytesMax: number

  constructor(bytesMax = 1 << 20) {
    this.#bytesMax = bytesMax
  }

  /** The payloads that are complete now, each with its place in the exchange. */
  read(chunk: Buffer): { readonly place: number; readonly payload: Buffer }[] | null {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    const packets: { place: number; payload: Buffer }[] = []
    let at = 0
    while (bytes.length - at >= headerBytes) {
      const length = bytes.readUIntLE(at, 3)
      if (length > this.#bytesMax) return null
      const end = at + headerBytes + length
      if (bytes.length < end) break
      packets.push({ place: bytes[at + 3] ?? 0, payload: bytes.subarray(at + headerBytes, end) })
      at = end
    }
    this.#rest = at === bytes.length ? null : bytes.subarray(at)
    return packets
  }
}
