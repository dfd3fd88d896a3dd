/** Writes the records of ZooKeeper's protocol: big-endian numbers, texts and buffers with their length before them. Source: its `zookeeper.jute`. */
export class Writer {
  readonly #parts: Buffer[] = []

  int(value: number): this {
    const part = Buffer.alloc(4)
    part.writeInt32BE(value)
    this.#parts.push(part)
    return this
  }

  long(value: bigint): this {
    const part = Buffer.alloc(8)
    part.writeBigInt64BE(value)
    this.#parts.push(part)
    return this
  }

  bool(value: boolean): this {
    this.#parts.push(Buffer.from([value ? 1 : 0]))
    return this
  }

  buffer(value: Buffer): this {
    this.int(value.length)
    this.#parts.push(value)
    return this
  }

  text(value: string): this {
    return this.buffer(Buffer.from(value))
  }

  /** With its own length before it, as it is sent. */
  packet(): Buffer {
    const whole = Buffer.concat(this.#parts)
    const length = Buffer.alloc(4)
    length.writeInt32BE(whole.length)
    return Buffer.concat([length, whole])
  }
}

/** Reads them. A record that ends too early throws. */
export class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int(): number {
    this.#at += 4
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  long(): bigint {
    this.#at += 8
    return this.#bytes.readBigInt64BE(this.#at - 8)
  }

  buffer(): Buffer {
    const length = Math.max(0, this.int())
    if (this.#at + length > this.#bytes.length) throw new Error('a record of ZooKeeper ends too early')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

export const operation = { create: 1, getData: 4, setData: 5, close: -11, multi: 14 } as const
export const errorCode = { ok: 0, noNode: -101, nodeExists: -110 } as const

const errorTexts: Readonly<Record<number, string>> = {
  [-4]: 'connection loss', [-100]: 'API error', [-101]: 'no such node', [-102]: 'not authenticated', [-103]: 'version conflict', [-110]: 'the node exists', [-112]: 'session expired', [-114]: 'invalid ACL',
  [-118]: 'session moved', [-119]: 'this server is read-only',
}

export const errorText = (code: number): string => errorTexts[code] ?? `error ${code}`
