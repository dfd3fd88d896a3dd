import { checksOf } from './check.ts'
import { when } from './server-checks.ts'
import type { ConfigurationFacts } from './subjects.ts'

const check = checksOf<ConfigurationFacts>()

/** Our own configuration. */
export const configurationChecks = [
  check({
    code: 'no-account', looksAt: 'an account for the servers is configured', severity: 'bad',
    says: 'no account is configured with which servers are read',
    mend: 'set MySQLTopologyUser and MySQLTopologyPassword, or MySQLTopologyCredentialsConfigFile',
    find: ({ userOfServers }) => when(userOfServers === '', {}),
  }),
  check({
    code: 'unknown-key', looksAt: 'all keys are known', severity: 'warning',
    says: '{text}',
    mend: 'correct the key, or take it out: it has no effect',
    find: ({ unknownKeys }) => unknownKeys.map(text => ({ text })),
  }),
  check({
    code: 'setting-remark', looksAt: 'all settings are meant as they stand', severity: 'warning',
    says: '{text}',
    mend: 'see docs/generated/settings.md for what the setting takes',
    find: ({ remarks }) => remarks.map(text => ({ text })),
  }),
  check({
    code: 'recovery-off', looksAt: 'some primary is replaced automatically', severity: 'warning',
    says: '{setting} is empty: a dead primary is found and shown, and nobody replaces it',
    mend: 'list there the clusters that are to be recovered; "*" is all of them',
    find: ({ filters }) => when(filters.every(({ setting }) => setting !== primaryFilters), { setting: primaryFilters }),
  }),
  check({
    code: 'filter-matches-nothing', looksAt: 'every recovery filter matches some cluster', severity: 'warning',
    says: '{filter} in {setting} matches none of the {clusters} known clusters: what it was meant for is not recovered',
    mend: 'compare it with the names and aliases of: orchestrator -c clusters-alias',
    find: ({ filters, knownClusters }) =>
      (knownClusters === 0 || filters.length === 0 ? null : filters.filter(({ matches }) => !matches).map(({ setting, text }) => ({ setting, filter: text, clusters: knownClusters }))),
  }),
  check({
    code: 'hook-not-found', looksAt: 'the programs of hooks are there', severity: 'bad',
    says: '{setting}: there is no program {program}, with which one of its commands begins',
    mend: 'install {program} on every machine that Orchestrator runs on, or correct the command',
    find: ({ hooks }) => {
      const known = hooks.filter(({ state }) => state !== 'unknown')
      return known.length === 0 ? null : known.filter(({ state }) => state === 'not-found').map(({ setting, program }) => ({ setting, program }))
    },
  }),
  check({
    code: 'hook-not-executable', looksAt: 'the programs of hooks may be run', severity: 'bad',
    says: '{setting}: {program} may not be run by us',
    mend: 'chmod +x {program}, and see that the account of Orchestrator may reach it',
    find: ({ hooks }) => {
      const known = hooks.filter(({ state }) => state !== 'unknown')
      return known.length === 0 ? null : known.filter(({ state }) => state === 'not-executable').map(({ setting, program }) => ({ setting, program }))
    },
  }),
]

const primaryFilters = 'RecoverMasterClusterFilters'
