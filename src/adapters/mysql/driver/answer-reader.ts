import type { ServerFailure } from '../../../model/topology/instance.ts'
import { rejection } from './failures.ts'
import type { KnownColumns, ResultColumns } from './known-columns.ts'
import { PacketCutter } from './packet-cutter.ts'
import { type Cell, Rows } from './rows.ts'

const head = { ok: 0x00, localInfile: 0xfb, end: 0xfe, error: 0xff }
/** A packet that begins like an end and is longer is a row whose first cell is very long. */
const endPayloadMax = 9
const moreResults = 0x8
const nullCell = 0xfb
/** Rows kept to be compared with those that come; the program asks fewer statements again and again. */
const rememberedMax = 32
/** Longer texts are not compared with those before. */
const comparedMax = 1024

/** Statements that were sent together, and who asks, so that it can be named what a rejected one wants. */
export interface Asked {
  readonly statements: readonly { readonly sql: string; readonly needs?: string }[]
  readonly account: string | undefined
}

/** What came is no answer to a query. */
class Broken extends Error {}

/**
 * Reads the answers to statements that were sent together. A cell that says what it said the time before is the same text as before, and a row
 * the same row, so that a poll in which little changed makes little new. Source: MySQL client/server protocol, "Text Resultset", "OK_Packet",
 * "EOF_Packet", "ERR_Packet", of clients that agreed on neither CLIENT_DEPRECATE_EOF nor CLIENT_SESSION_TRACK.
 */
export class AnswerReader {
  readonly #known: KnownColumns
  readonly #cutter = new PacketCutter()
  readonly #remembered = new Map<ResultColumns, readonly Cell[]>()
  #asked: Asked = { statements: [], account: undefined }
  #sets: Rows[] = []
  #rejected: ServerFailure | null = null
  #stage: 'head' | 'columns' | 'columns end' | 'rows' | 'whole' = 'whole'
  #columnCount = 0
  #columns: ResultColumns | null = null
  #rows: (readonly Cell[])[] = []

  constructor(known: KnownColumns) {
    this.#known = known
  }

  /** Result sets in order, up to the first rejected statement. A statement without any has an empty one. */
  get sets(): readonly Rows[] {
    return this.#sets
  }

  get rejected(): ServerFailure | null {
    return this.#rejected
  }

  begin(asked: Asked): void {
    this.#asked = asked
    this.#sets = []
    this.#rejected = null
    this.#stage = 'head'
  }

  /** Takes in what came; the chunk may be overwritten afterwards. `broken`: what came is no answer to what was asked, or nothing was asked. */
  take(chunk: Buffer): 'more' | 'whole' | 'broken' {
    if (this.#stage === 'whole') return this.#takeUnasked(chunk)
    const cutter = this.#cutter
    cutter.feed(chunk)
    try {
      while (!this.#isWhole() && (this.#stage === 'columns' ? cutter.nextTogether(this.#columnCount) : cutter.next())) this.#read()
    } catch (error) {
      if (error instanceof Broken || error instanceof RangeError) return 'broken'
      throw error
    }
    if (this.#isWhole()) return cutter.rest() ? 'broken' : 'whole'
    cutter.rest()
    return 'more'
  }

  /** Servers say why before they close an idle connection. */
  #takeUnasked(chunk: Buffer): 'broken' {
    const cutter = new PacketCutter()
    cutter.feed(chunk)
    if (cutter.next() && cutter.bytes[cutter.at] === head.error) this.#rejected = this.#error(cutter)
    return 'broken'
  }

  #isWhole(): boolean {
    return this.#stage === 'whole'
  }

  #read(): void {
    const { bytes, at, end } = this.#cutter
    switch (this.#stage) {
      case 'head':
        return this.#readHead()
      case 'columns':
        this.#columns = this.#known.of(this.#asked.statements[this.#sets.length]?.sql ?? '', bytes, at, end, this.#columnCount)
        if (this.#columns === null) throw new Broken()
        this.#stage = 'columns end'
        return
      case 'columns end':
        if (bytes[at] !== head.end || end - at >= endPayloadMax) throw new Broken()
        this.#stage = 'rows'
        return
      default:
        return this.#readRow()
    }
  }

  #readHead(): void {
    const { bytes, at, end } = this.#cutter
    const first = bytes[at]
    if (first === head.error) return this.#reject()
    if (first === head.ok) {
      const affected = lengthAt(bytes, at + 1)
      const insertId = lengthAt(bytes, affected.next)
      this.#sets.push(new Rows([], []))
      return this.#goOn(bytes.readUInt16LE(insertId.next))
    }
    const { length, next } = lengthAt(bytes, at)
    if (first === head.localInfile || next !== end || length === 0) throw new Broken()
    this.#columnCount = length
    this.#rows = []
    this.#stage = 'columns'
  }

  #readRow(): void {
    const { bytes, at, end } = this.#cutter
    const first = bytes[at]
    if (first === head.error) return this.#reject()
    const columns = this.#columns
    if (columns === null) throw new Broken()
    if (first !== head.end || end - at >= endPayloadMax) {
      // Only first rows are compared: most answers that are asked again and again have one.
      const before = this.#rows.length === 0 ? this.#remembered.get(columns) : undefined
      const row = readCells(bytes, at, end, columns, before)
      if (this.#rows.length === 0 && row !== before) this.#remember(columns, row)
      this.#rows.push(row)
      return
    }
    this.#sets.push(new Rows(columns.columns, this.#rows))
    this.#goOn(bytes.readUInt16LE(at + 3))
  }

  #remember(columns: ResultColumns, row: readonly Cell[]): void {
    if (this.#remembered.size >= rememberedMax && !this.#remembered.has(columns)) this.#remembered.clear()
    this.#remembered.set(columns, row)
  }

  #goOn(status: number): void {
    this.#stage = (status & moreResults) === 0 ? 'whole' : 'head'
  }

  #reject(): void {
    this.#rejected = this.#error(this.#cutter)
    this.#stage = 'whole'
  }

  #error({ bytes, at, end }: PacketCutter): ServerFailure {
    const hasState = bytes[at + 3] === 0x23 // '#' and five characters of SQL state
    const needs = this.#asked.statements[this.#sets.length]?.needs
    return rejection(bytes.readUInt16LE(at + 1), bytes.toString('utf8', at + (hasState ? 9 : 3), end), {
      needs, account: this.#asked.account, sqlState: hasState ? bytes.toString('latin1', at + 4, at + 9) : '',
    })
  }
}

/** A number, or the length of a text, in one to nine bytes. */
function lengthAt(bytes: Buffer, at: number): { readonly length: number; readonly next: number } {
  const first = bytes.readUInt8(at)
  if (first < 251) return { length: first, next: at + 1 }
  if (first === 0xfc) return { length: bytes.readUInt16LE(at + 1), next: at + 3 }
  if (first === 0xfd) return { length: bytes.readUIntLE(at + 1, 3), next: at + 4 }
  if (first === 0xfe) return { length: Number(bytes.readBigUInt64LE(at + 1)), next: at + 9 }
  throw new Broken()
}

/** The row; `before` itself when no cell differs. */
function readCells(bytes: Buffer, from: number, end: number, { columns, isNumber }: ResultColumns, before: readonly Cell[] | undefined): readonly Cell[] {
  const count = columns.names.length
  const cells: Cell[] = []
  let at = from
  let isSame = before !== undefined
  for (let place = 0; place < count; place++) {
    const first = bytes[at]
    if (first === nullCell) {
      at += 1
      cells.push(null)
      if (isSame && before?.[place] !== null) isSame = false
      continue
    }
    let length = first ?? 0
    at += 1
    if (length >= 251) ({ length, next: at } = lengthAt(bytes, at - 1))
    const textEnd = at + length
    if (textEnd > end) throw new Broken()
    const cell = isNumber[place] === 1 ? Number(bytes.toString('latin1', at, textEnd)) : textOf(bytes, at, textEnd, before?.[place])
    cells.push(cell)
    if (isSame && cell !== before?.[place]) isSame = false
    at = textEnd
  }
  if (at !== end) throw new Broken()
  return isSame && before !== undefined ? before : cells
}

/** The text, and the very one before when it says the same. */
function textOf(bytes: Buffer, at: number, end: number, before: Cell | undefined): string {
  const length = end - at
  if (length === 0) return ''
  if (typeof before === 'string' && before.length === length && length <= comparedMax) {
    let place = 0
    while (place < length) {
      const code = before.charCodeAt(place)
      if (code !== bytes[at + place] || code > 0x7f) break
      place += 1
    }
    if (place === length) return before
  }
  return bytes.toString('utf8', at, end)
}
