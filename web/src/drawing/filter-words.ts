import { wordsOf } from './filter.ts'

/** The words of a filter that a menu offers values for. */
export type FilterName = 'status' | 'dc' | 'tag' | 'pool' | 'version'

/** The values that a filter asks of one kind: of `dc:eu,us` eu and us. */
export function valuesIn(query: string, name: FilterName): readonly string[] {
  const word = wordsOf(query).find(each => each.toLowerCase().startsWith(`${name}:`))
  return word === undefined ? [] : (word.slice(name.length + 1).match(/(?:[^,"]|"[^"]*"?)+/g) ?? []).map(value => value.replaceAll('"', ''))
}

/** The filter with one value asked for, or no longer asked for; the rest of it stays as it is. */
export function withValue(query: string, name: FilterName, value: string): string {
  const before = valuesIn(query, name)
  const same = (other: string): boolean => other.toLowerCase() === value.toLowerCase()
  return withValues(query, name, before.some(same) ? before.filter(other => !same(other)) : [...before, value])
}

/** The filter with exactly these values of one kind. */
export function withValues(query: string, name: FilterName, values: readonly string[]): string {
  const others = wordsOf(query).filter(each => !each.toLowerCase().startsWith(`${name}:`))
  return [...others, ...(values.length === 0 ? [] : [`${name}:${values.map(quoted).join(',')}`])].join(' ')
}

const quoted = (value: string): string => (/[\s,]/.test(value) ? `"${value}"` : value)
