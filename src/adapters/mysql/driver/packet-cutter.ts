const headerBytes = 4
/** The longest payload of one packet; a longer one goes on in the packets that follow. */
const payloadMax = 0xff_ffff
const nothing = Buffer.alloc(0)

/**
 * Cuts a stream of bytes into packets without copying them, as long as they come whole. Source: MySQL client/server protocol, "Packets":
 * three bytes of length, one of place in the exchange, then the payload.
 */
export class PacketCutter {
  /** The payload at hand: `bytes` from `at` to `end`. Good until the next call. */
  bytes: Buffer = nothing
  at = 0
  end = 0
  #came: Buffer = nothing
  #next = 0
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #neededBytes = 0

  /** Takes in bytes that may be overwritten after `rest`. */
  feed(chunk: Buffer): void {
    if (this.#waitingBytes === 0) {
      this.#came = chunk
      this.#next = 0
      return
    }
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes < this.#neededBytes) return // joined when there is something to cut, so that a long packet is not copied at every piece
    this.#came = this.#waiting.length === 1 ? chunk : Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    this.#next = 0
  }

  /** Moves to the next payload; false when it has not come whole. */
  next(): boolean {
    if (this.#waitingBytes > 0) return false
    const from = this.#next
    const end = this.#endOf(from)
    if (end === null) return false
    this.#next = end
    this.bytes = this.#came
    this.at = from + headerBytes
    this.end = end
    return end - from - headerBytes < payloadMax || this.#join(from)
  }

  /** Moves behind the next `count` packets and makes them, headers and all, what is at hand; false when they have not come whole. */
  nextTogether(count: number): boolean {
    if (this.#waitingBytes > 0) return false
    let end = this.#next
    for (let packet = 0; packet < count; packet++) {
      const packetEnd = this.#endOf(end)
      if (packetEnd === null) return false
      end = packetEnd
    }
    this.bytes = this.#came
    this.at = this.#next
    this.end = end
    this.#next = end
    return true
  }

  /** Everything whole has been cut: keeps what is left until more comes, and says whether there is anything. */
  rest(): boolean {
    this.bytes = nothing
    if (this.#waitingBytes > 0) {
      const last = this.#waiting.pop()
      if (last !== undefined) this.#waiting.push(Buffer.from(last))
      return true
    }
    const left = this.#came.length - this.#next
    if (left > 0) this.#waiting.push(Buffer.from(this.#came.subarray(this.#next)))
    this.#waitingBytes = left
    this.#came = nothing
    this.#next = 0
    return left > 0
  }

  /** Where the packet that begins there ends; null, and how much is needed for it, when it has not come whole. */
  #endOf(from: number): number | null {
    const came = this.#came.length - this.#next
    if (this.#came.length - from < headerBytes) {
      this.#neededBytes = came + 1
      return null
    }
    const end = from + headerBytes + this.#came.readUIntLE(from, 3)
    if (end <= this.#came.length) return end
    this.#neededBytes = end - this.#next
    return null
  }

  /** A payload in several packets becomes one. */
  #join(from: number): boolean {
    const parts = [this.#came.subarray(this.at, this.end)]
    for (let packetFrom = this.end; ;) {
      const packetEnd = this.#endOf(packetFrom)
      if (packetEnd === null) {
        this.#neededBytes += this.#next - from
        this.#next = from
        return false
      }
      parts.push(this.#came.subarray(packetFrom + headerBytes, packetEnd))
      this.#next = packetEnd
      if (packetEnd - packetFrom - headerBytes < payloadMax) break
      packetFrom = packetEnd
    }
    this.bytes = Buffer.concat(parts)
    this.at = 0
    this.end = this.bytes.length
    return true
  }
}
