import { changedFacts } from './picture.ts'
import type { PastServer } from './past-server.ts'

/** Statuses that come and go by themselves: one of them in place of another is remembered when it has lasted. */
const restless: ReadonlySet<string> = new Set(['lag', 'lag-unknown', 'not-checked', 'replicating', 'writable', 'read-only-primary'])

/** So long; a replica that lags for a moment after every batch would fill the history with nothing. */
export const settlesAfterMilliseconds = 10_000

/** True when all that differs may be over in a moment. */
export function mayPass(before: PastServer, after: PastServer): boolean {
  const facts = changedFacts(before, after)
  if (facts.length !== 1 || facts[0] !== 'statuses') return false
  return firm(before) === firm(after)
}

const firm = ({ statuses }: PastServer): string => statuses.filter(({ code }) => !restless.has(code)).map(({ code, number }) => `${code}:${number}`).join(' ')
