import { type CellValue, fills, type Moment } from './cells.ts'
import type { FakeServer } from './fake-server.ts'
import { capability, cell, columnCountPayload, columnPayload, endPayload, errorPayload, packet } from './packets.ts'
import { rowsOf } from './rows-of.ts'
import type { Tape, TapeStatement } from './tape.ts'

/** A row whose changing cells are still to be filled in. */
interface OpenRow {
  readonly place: number
  readonly pieces: readonly (string | ((moment: Moment) => string))[]
}

type Piece = string | OpenRow

/** The answer to one text, ready but for the cells that move. */
export interface PreparedAnswer {
  readonly pieces: readonly Piece[]
  /** Set where a statement is not on the tape: the answer ends with an error that names it. */
  readonly unknown: string | null
}

const parseError = 1064
/** Statements arrive joined like this by the adapter's driver. */
const separator = /;\s*\n|;\s*$/

/** Prepares answers for texts of statements. What was prepared is kept, per server and text: a program asks the same few texts again and again. */
export class Answers {
  readonly #statements: ReadonlyMap<string, TapeStatement>
  readonly #columns = new Map<string, string>()
  readonly #prepared = new WeakMap<FakeServer, Map<string, PreparedAnswer>>()
  readonly #textsMax = 64

  constructor(tape: Tape) {
    this.#statements = new Map(tape.statements.map(statement => [statement.sql, statement]))
  }

  /** `capabilities` are the client's. Packets of an answer are numbered from 1. */
  of(server: FakeServer, text: string, capabilities: number): PreparedAnswer {
    const deprecateEof = (capabilities & capability.deprecateEof) !== 0
    const known = this.#prepared.get(server) ?? new Map<string, PreparedAnswer>()
    this.#prepared.set(server, known)
    const name = deprecateEof ? `+${text}` : text
    const present = known.get(name)
    if (present !== undefined) return present
    const prepared = this.#prepare(server, text, deprecateEof)
    if (known.size < this.#textsMax) known.set(name, prepared)
    return prepared
  }

  /** What was prepared of a server that is another one now. */
  forget(server: FakeServer): void {
    this.#prepared.delete(server)
  }

  #prepare(server: FakeServer, text: string, deprecateEof: boolean): PreparedAnswer {
    const sqls = text.split(separator).map(sql => sql.trim()).filter(sql => sql !== '')
    const pieces: Piece[] = []
    let place = 1
    for (const [index, sql] of sqls.entries()) {
      const statement = this.#statements.get(sql)
      if (statement === undefined) {
        pieces.push(packet(place, errorPayload(parseError, '42000', `The fake fleet has no answer to: ${sql.slice(0, 400)}`)))
        return { pieces: joined(pieces), unknown: sql }
      }
      pieces.push(this.#columnsOf(statement, place, deprecateEof))
      place += 1 + statement.columns.length + (deprecateEof ? 0 : 1)
      for (const subject of rowsOf(sql, server, statement.rows)) pieces.push(openRow(place++, statement, subject.server, subject.cells))
      pieces.push(packet(place++, endPayload(index < sqls.length - 1, deprecateEof)))
    }
    return { pieces: joined(pieces), unknown: null }
  }

  /** Column definitions are the same for all servers, so they are built once per place. */
  #columnsOf({ sql, columns }: TapeStatement, first: number, deprecateEof: boolean): string {
    const name = `${first} ${deprecateEof} ${sql}`
    const present = this.#columns.get(name)
    if (present !== undefined) return present
    const payloads = [columnCountPayload(columns.length), ...columns.map(columnPayload), ...(deprecateEof ? [] : [endPayload(false, false)])]
    const text = payloads.map((payload, place) => packet(first + place, payload)).join('')
    this.#columns.set(name, text)
    return text
  }
}

/** The bytes of an answer at a moment, one character per byte. */
export function answerText({ pieces }: PreparedAnswer, moment: Moment): string {
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    else {
      let row = ''
      for (const part of piece.pieces) row += typeof part === 'string' ? part : cell(part(moment))
      text += packet(piece.place, row)
    }
  }
  return text
}

function openRow(place: number, { columns }: TapeStatement, server: FakeServer, recorded: readonly (string | null)[]): Piece {
  const values: CellValue[] = columns.map(({ name }, index) => {
    const fill = fills[name.toLowerCase()]
    return fill === undefined ? (recorded[index] ?? null) : fill(server)
  })
  const pieces: (string | ((moment: Moment) => string))[] = []
  for (const value of values) {
    const last = pieces.at(-1)
    if (typeof value === 'function') pieces.push(value)
    else if (typeof last === 'string') pieces[pieces.length - 1] = last + cell(value)
    else pieces.push(cell(value))
  }
  const [only] = pieces
  return pieces.length === 1 && typeof only === 'string' ? packet(place, only) : { place, pieces }
}

/** Neighbouring texts become one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const fewer: Piece[] = []
  for (const piece of pieces) {
    const last = fewer.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') fewer[fewer.length - 1] = last + piece
    else fewer.push(piece)
  }
  return fewer
}
