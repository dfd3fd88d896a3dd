import { goPattern } from '../../kit/go-pattern.ts'

/** Does automatic recovery cover a cluster? The forms of an entry are in contract config.md, "Filters for automatic recovery". */
export function isCovered(cluster: { readonly name: string; readonly alias: string }, filters: readonly string[]): boolean {
  return filters.some(filter => {
    if (filter === '*' || filter === cluster.name || filter === cluster.alias) return true
    if (filter.startsWith('alias=')) return filter.slice('alias='.length) === cluster.alias
    if (filter.startsWith('alias~=')) return matches(filter.slice('alias~='.length), cluster.alias)
    return matches(filter, cluster.name)
  })
}

/** An expression that cannot be read matches nothing; loading the settings has warned of it. */
function matches(pattern: string, text: string): boolean {
  const compiled = goPattern(pattern)
  return compiled.ok && compiled.value.test(text)
}
