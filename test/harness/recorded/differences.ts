/** Members whose values vary from run to run (golden/README.md); their types and places do not. */
export const varying: ReadonlySet<string> = new Set([
  'Uptime', 'SecondsSinceLastSeen', 'LastSeenTimestamp', 'IsUpToDate', 'IsRecentlyChecked', 'LastDiscoveryLatency', 'ElapsedDowntime', 'DowntimeEndTimestamp',
  'Token', 'ProcessingNodeHostname', 'ProcessingNodeToken', 'AppVersion', 'FirstSeenActive', 'LastSeenActive', 'DBBackend', 'UID', 'RecoveryUID',
  'RecoveryStartTimestamp', 'RecoveryEndTimestamp', 'AcknowledgedAt', 'AcknowledgedBy', 'AuditAt', 'AuditTimestamp', 'LastBlockedTimestamp', 'StartActivePeriod', 'Id', 'AuditId',
])

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/**
 * Where an answer differs from a recording, as `path: what`. Keys must be the same and in the same order, values the same unless they vary;
 * lists of different lengths are compared as far as both go.
 */
export function differences(expected: unknown, actual: unknown, path = '$', also: ReadonlySet<string> = new Set()): readonly string[] {
  const name = /([^.[\]]+)(\[\d+\])?$/.exec(path)?.[1] ?? ''
  if (kindOf(expected) !== kindOf(actual)) return [`${path}: ${kindOf(expected)} expected, ${kindOf(actual)} found`]
  if (varying.has(name) || also.has(name)) return []
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const lengths = expected.length === actual.length ? [] : [`${path}: ${expected.length} entries expected, ${actual.length} found`]
    return [...lengths, ...expected.slice(0, actual.length).flatMap((entry, index) => differences(entry, actual[index], `${path}[${index}]`, also))]
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const [wanted, found] = [Object.keys(expected), Object.keys(actual)]
    if (wanted.join() !== found.join()) {
      const missing = wanted.filter(key => !found.includes(key))
      const surplus = found.filter(key => !wanted.includes(key))
      const what = missing.length + surplus.length === 0 ? `order is ${found.join()}` : `missing ${missing.join() || 'nothing'}, surplus ${surplus.join() || 'nothing'}`
      return [`${path}: ${what}`]
    }
    // Both have these keys.
    return wanted.flatMap(key => differences((expected as Record<string, unknown>)[key], (actual as Record<string, unknown>)[key], `${path}.${key}`, also))
  }
  if (typeof expected === 'string' && typeof actual === 'string' && isSameButForTime(expected, actual)) return []
  return Object.is(expected, actual) ? [] : [`${path}: ${JSON.stringify(expected)} expected, ${JSON.stringify(actual)} found`]
}

/** The original puts the log's time and level before some messages, or into them; ours need not (contract http-api.md 2). */
const isSameButForTime = (expected: string, actual: string): boolean => expected.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (ERROR|FATAL|WARNING) /, '') === actual
