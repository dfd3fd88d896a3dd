import { hash } from 'node:crypto'

const bytesOfOne = 8
const fullest = 0.7

/** Which situations were met already: of each its text's hash of 64 bits, side by side in memory, 8 bytes each. Of 100 million, two that differ are taken for one with a chance of 1 in 3,700. */
export class SituationTable {
  #places = new BigUint64Array(1 << 16)
  #size = 0

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#places.length * bytesOfOne
  }

  /** Whether it is new. */
  add(text: string): boolean {
    const digest = hash('md5', text, 'buffer')
    const mark = digest.readBigUInt64LE() || 1n // 0 is an empty place
    if (!this.#put(this.#places, mark)) return false
    this.#size += 1
    if (this.#size > this.#places.length * fullest) this.#grow()
    return true
  }

  #put(places: BigUint64Array, mark: bigint): boolean {
    const last = places.length - 1
    for (let place = Number(mark & BigInt(last)); ; place = (place + 1) & last) { // ends at an empty place, of which there always are some
      if (places[place] === mark) return false
      if (places[place] !== 0n) continue
      places[place] = mark
      return true
    }
  }

  #grow(): void {
    const grown = new BigUint64Array(this.#places.length * 2)
    for (const mark of this.#places) if (mark !== 0n) this.#put(grown, mark)
    this.#places = grown
  }
}
