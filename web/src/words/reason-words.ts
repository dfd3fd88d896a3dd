/**
 * Words of a reason by code. Several tables of the server may use one code with different values:
 * then the first words whose values were all sent are taken.
 */
export type ReasonWords = Readonly<Record<string, string | readonly string[]>>

type Values = Readonly<Record<string, string | number | boolean>>

/** The sentence of a reason, or null when there are no words for it whose values were all sent. */
export function wordsFor(table: ReasonWords, code: string, values: Values): string | null {
  const words = table[code]
  if (words === undefined) return null
  const fitting = (typeof words === 'string' ? [words] : words).find(each =>
    [...each.matchAll(placeholder)].every(match => Object.hasOwn(values, match[1] ?? '')),
  )
  return fitting === undefined ? null : fitting.replace(placeholder, (_, name: string) => String(values[name]))
}

const placeholder = /\{\{(\w+)\}\}/g
