import { open, readFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

/**
 * How far the log was once known to be on the disk: written after each synchronisation of the log, without one of its own. It may lag behind the truth after
 * a power cut, and never runs ahead of it: a log that ends before the mark has lost what was acknowledged.
 */
export interface Mark {
  /** The number of the first record that was not yet written. */
  readonly nextSequence: number
}

const fileName = 'acknowledged.mark'
const slotBytes = 512 // a sector each, written in turn, so that a torn write leaves the other
const markBytes = 16

function encode({ nextSequence }: Mark): Uint8Array {
  const bytes = Buffer.alloc(markBytes)
  bytes.write('MARK', 0, 'latin1')
  bytes.writeBigUInt64LE(BigInt(nextSequence), 4)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12)
  return bytes
}

function decode(bytes: Buffer): Mark | null {
  if (bytes.length < markBytes || bytes.toString('latin1', 0, 4) !== 'MARK' || bytes.readUInt32LE(12) !== crc32(bytes.subarray(0, 12))) return null
  return { nextSequence: Number(bytes.readBigUInt64LE(4)) }
}

/** The highest mark that can be read; null where there is none. */
export async function readMark(folder: string): Promise<Mark | null> {
  let bytes: Buffer
  try {
    bytes = await readFile(join(folder, fileName))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null // what Node throws here carries a code
    throw error
  }
  const marks = [decode(bytes.subarray(0, markBytes)), decode(bytes.subarray(slotBytes, slotBytes + markBytes))].filter(mark => mark !== null)
  return marks.reduce<Mark | null>((highest, mark) => (highest === null || mark.nextSequence > highest.nextSequence ? mark : highest), null)
}

export class MarkFile {
  readonly #handle: FileHandle
  #slot = 0

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** `at` is written into both slots: what they said before is over. */
  static async open(folder: string, at: Mark): Promise<MarkFile> {
    const handle = await open(join(folder, fileName), 'w', 0o600)
    const file = new MarkFile(handle)
    try {
      await file.write(at)
      await file.write(at)
      await handle.datasync()
    } catch (error) {
      await handle.close()
      throw error
    }
    return file
  }

  async write(mark: Mark): Promise<void> {
    const bytes = encode(mark)
    await this.#handle.write(bytes, 0, bytes.length, this.#slot * slotBytes)
    this.#slot = 1 - this.#slot
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
