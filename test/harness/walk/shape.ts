const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** Where two answers differ by the names of their members, their order and their types, whatever the values are. Every entry of a list must be like its first one. */
export function shapeDifferences(expected: unknown, actual: unknown, path = '$'): readonly string[] {
  if (kindOf(expected) !== kindOf(actual)) return [`${path}: ${kindOf(expected)} expected, ${kindOf(actual)} found`]
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length === 0) return []
    if (actual.length === 0) return [`${path}: entries expected, none found`]
    return [...new Set(actual.flatMap(entry => shapeDifferences(expected[0], entry, `${path}[]`)))]
  }
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) return []
  const [wanted, found] = [Object.keys(expected), Object.keys(actual)]
  if (wanted.join() !== found.join()) {
    const [missing, surplus] = [wanted.filter(key => !found.includes(key)), found.filter(key => !wanted.includes(key))]
    return [`${path}: ${missing.length + surplus.length === 0 ? `order is ${found.join()}` : `missing ${missing.join() || 'nothing'}, surplus ${surplus.join() || 'nothing'}`}`]
  }
  // Both have these keys.
  return wanted.flatMap(key => shapeDifferences((expected as Record<string, unknown>)[key], (actual as Record<string, unknown>)[key], `${path}.${key}`))
}
