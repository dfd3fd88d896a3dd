import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** `median (lowest–highest)`. */
export const spread = (values: readonly number[], digits: number): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`

/** What a figure depends on, for the head of a table. */
export function machine(): string {
  const libraries = ['mysql2'].map(name => {
    const { version }: { version: string } = JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'))
    return `${name} ${version}`
  })
  return `${cpus().length} cores, Node ${process.versions.node}, ${libraries.join(', ')}`
}

/** A Markdown table; the first column is text, the others are aligned right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map((_, place) => (place === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
