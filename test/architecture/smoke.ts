import type { Place } from './places.ts'

export interface Scenario {
  readonly says: string
  readonly test: Place
}

const at = (file: string, text: string): Place => ({ file: `test/integration/${file}.test.ts`, text })

/** The scenarios on real servers that no change of this program goes without: each is a test of npm test. */
export const smoke: readonly Scenario[] = [
  { says: 'kill -9 of a primary under a writer', test: at('recovery', 'a primary that is killed under a writer is replaced, every survivor follows') },
  { says: 'the same under a semi-sync policy: no acknowledged row is lost', test: at('recovery-durability', 'under a semi-sync policy a primary that is killed under a writer is replaced') },
  { says: 'one who may have acknowledged is missing: nobody is promoted, and it is named', test: at('recovery-durability', 'when one who may have acknowledged is missing nobody is promoted') },
  { says: 'SIGSTOP of a primary', test: at('recovery', 'a primary that hangs without closing anything is replaced in seconds') },
  { says: 'a primary that only the manager cannot reach: nothing is done', test: at('recovery', 'a primary that only we cannot reach is never failed over') },
  { says: 'a primary dies together with a replica', test: at('recovery', 'a primary that dies together with a replica') },
  { says: 'a replica that lags holds what nobody else does', test: at('recovery', 'what only a replica holds that may not be promoted is fetched') },
  { says: 'an intermediate primary dies', test: at('recovery', 'an intermediate source that dies gives its replicas to its sibling') },
  { says: 'the manager is killed in the middle of a failover and of a takeover', test: at('killed-program', 'is undone after the restart; so is a failover in its first hook') },
  { says: 'a manager that another one has replaced wakes up', test: at('recovery-interrupted', 'a manager whose lease of the cluster another one has taken over') },
  { says: 'a planned takeover under a writer', test: at('takeover', 'a takeover under a writer loses nothing') },
  { says: 'a takeover that fails at each of its steps', test: at('takeover-failures', 'a takeover that fails at any step before the successor takes writes') },
  { says: 'the old primary returns, clean and with rows of its own', test: at('returned', 'what only it has is never joined silently') },
  { says: 'hooks that hang and fail', test: at('hooks', 'a hook that hangs is ended with its time') },
  { says: 'a dead primary without GTID', test: at('recovery-position', 'a killed primary without GTID') },
  { says: 'a dead MariaDB primary', test: at('recovery', 'a MariaDB primary is replaced too') },
  { says: 'load balancers and key-value stores follow', test: at('publication', 'a failover and a takeover are told to every place') },
]
