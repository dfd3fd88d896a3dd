import { Columns } from './rows.ts'

/** How the cells of a column are handed over. */
export interface ResultColumns {
  readonly columns: Columns
  /** By place: 1 where a double holds every value exactly, so that the cell is a number. */
  readonly isNumber: Uint8Array
}

interface Seen {
  readonly definitions: Buffer
  readonly result: ResultColumns
}

/** More statements than the program asks again and again; of those that are asked once the oldest make room. */
const statementsMax = 200
/** Servers of several versions, and answers at other places of the exchange, describe the same columns in other bytes. */
const variantsMax = 12
const headerBytes = 4

/** Keeps the columns of answers: every poll of every server has the same few, told in the same bytes, so that comparing them saves reading them. */
export class KnownColumns {
  readonly #seen = new Map<string, Seen[]>()

  /** What `count` packets of column definitions from `from` to `to` say; null when they are broken. */
  of(sql: string, bytes: Buffer, from: number, to: number, count: number): ResultColumns | null {
    const variants = this.#seen.get(sql)
    const seen = variants?.find(({ definitions }) => definitions.length === to - from && bytes.compare(definitions, 0, definitions.length, from, to) === 0)
    if (seen !== undefined) return seen.result
    const result = readDefinitions(bytes, from, to, count)
    if (result === null) return null
    const fresh: Seen = { definitions: Buffer.from(bytes.subarray(from, to)), result }
    if (variants === undefined) {
      if (this.#seen.size >= statementsMax) for (const oldest of this.#seen.keys()) { this.#seen.delete(oldest); break }
      this.#seen.set(sql, [fresh])
    } else {
      if (variants.length >= variantsMax) variants.shift()
      variants.push(fresh)
    }
    return result
  }
}

/** The fixed end of a definition: its length, character set, length, type, flags, decimals and two bytes to spare. */
const tailBytes = 13
const typeFromEnd = 6
/** TINY, SHORT, LONG, FLOAT, DOUBLE, INT24 and YEAR. Longer integers and decimals would lose digits in a double. */
const numberTypes: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 9, 13])

/** Source: MySQL client/server protocol, "Protocol::ColumnDefinition41": catalog, schema, table, original table, name, … as texts with their lengths. */
function readDefinitions(bytes: Buffer, from: number, to: number, count: number): ResultColumns | null {
  const names: string[] = []
  const isNumber = new Uint8Array(count)
  let at = from
  for (let place = 0; place < count; place++) {
    const end = at + headerBytes + bytes.readUIntLE(at, 3)
    let textAt = at + headerBytes
    for (let before = 0; before < 4; before++) textAt += 1 + (bytes[textAt] ?? 0) // names are shorter than 251 bytes
    const length = bytes[textAt] ?? 0
    if (end > to || textAt + 1 + length + tailBytes > end) return null
    names.push(bytes.toString('utf8', textAt + 1, textAt + 1 + length))
    if (numberTypes.has(bytes[end - typeFromEnd] ?? 0)) isNumber[place] = 1
    at = end
  }
  return { columns: new Columns(names), isNumber }
}
