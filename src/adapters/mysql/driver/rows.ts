/** A cell as the driver hands it over: numbers that are exact as a double stay numbers, all others are text; no digit is lost. */
export type Cell = string | number | null

/** The columns of a result set. Names are in lower case, because servers of different versions write them differently. */
export class Columns {
  readonly names: readonly string[]
  readonly places: ReadonlyMap<string, number>

  constructor(names: readonly string[]) {
    this.names = names.map(name => name.toLowerCase())
    this.places = new Map(this.names.map((name, place) => [name, place]))
  }
}

/** One result set. */
export class Rows {
  readonly rows: readonly (readonly Cell[])[]
  readonly #columns: Columns

  constructor(columns: Columns | readonly string[], rows: readonly (readonly Cell[])[]) {
    this.#columns = columns instanceof Columns ? columns : new Columns(columns)
    this.rows = rows
  }

  get columns(): readonly string[] {
    return this.#columns.names
  }

  get first(): Row | null {
    const cells = this.rows[0]
    return cells === undefined ? null : new Row(this.#columns.places, cells)
  }

  all(): Row[] {
    return this.rows.map(cells => new Row(this.#columns.places, cells))
  }
}

export const noRows = new Rows([], [])

/** One row, read by column name in lower case. A column that the server does not have reads like NULL. */
export class Row {
  readonly #places: ReadonlyMap<string, number>
  readonly #cells: readonly Cell[]

  constructor(places: ReadonlyMap<string, number>, cells: readonly Cell[]) {
    this.#places = places
    this.#cells = cells
  }

  cell(column: string): Cell {
    const place = this.#places.get(column)
    return place === undefined ? null : (this.#cells[place] ?? null)
  }

  at(place: number): Cell {
    return this.#cells[place] ?? null
  }

  /** '' for NULL. */
  text(column: string): string {
    const cell = this.cell(column)
    return cell === null ? '' : String(cell)
  }

  /** Null for NULL and for what is not a number. */
  number(column: string): number | null {
    return cellNumber(this.cell(column))
  }

  bigint(column: string): bigint {
    const text = this.text(column)
    return /^\d+$/.test(text) ? BigInt(text) : 0n
  }

  /** 1, ON and YES are true in any case. */
  flag(column: string): boolean {
    return isOn(this.cell(column))
  }
}

export function cellNumber(cell: Cell): number | null {
  if (cell === null || cell === '') return null
  const number = Number(cell)
  return Number.isFinite(number) ? number : null
}

export const isOn = (cell: Cell): boolean => cell !== null && /^(?:1|on|yes|true)$/i.test(String(cell))
