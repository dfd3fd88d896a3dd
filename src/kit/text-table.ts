export type Alignment = 'left' | 'right'

/** Rows of cells as lines with `|` between columns; every column but the last is padded to its widest cell. Alignment is `left` where none is given. */
export function padTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[] = []): readonly string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => { widths[column] = Math.max(widths[column] ?? 0, [...cell].length) })
  return rows.map(row => row.map((cell, column) => {
    const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length))
    if (alignments[column] === 'right') return padding + cell
    return column === row.length - 1 ? cell : cell + padding
  }).join('|'))
}
