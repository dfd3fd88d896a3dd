import { execFile } from 'node:child_process'
import type { Clock } from '../../ports/clock.ts'

const knownMilliseconds = 30_000
const usersMax = 1000
const askMilliseconds = 2000

/** Groups of a user by the operating system's own database, asked through `id` and remembered for half a minute. */
export function userGroups(clock: Pick<Clock, 'monotonic'>): (user: string) => Promise<readonly string[]> {
  const known = new Map<string, { readonly at: number; readonly groups: Promise<readonly string[]> }>()
  return user => {
    if (!/^[\w.][\w.@-]{0,254}$/.test(user)) return Promise.resolve([])
    const found = known.get(user)
    if (found !== undefined && found.at + knownMilliseconds > clock.monotonic()) return found.groups
    const groups = ask(user)
    known.delete(user)
    known.set(user, { at: clock.monotonic(), groups })
    const [oldest] = known.keys()
    if (known.size > usersMax && oldest !== undefined) known.delete(oldest)
    return groups
  }
}

/** `id` ends with an error for a user it does not know: no groups. */
const ask = (user: string): Promise<readonly string[]> =>
  new Promise(resolve => {
    execFile('id', ['-Gn', '--', user], { encoding: 'utf8', timeout: askMilliseconds }, (error, stdout) => resolve(error === null ? stdout.trim().split(/\s+/) : []))
  })
