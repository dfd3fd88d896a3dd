import { operation, optional } from './operation.ts'

/** One setting that was found different. Secrets are masked. */
export interface ConfigurationChange {
  readonly key: string
  readonly before: unknown
  readonly after: unknown
  /** `restart`: what the file says holds from the next start on. */
  readonly from: 'now' | 'restart'
}

export interface ConfigurationReload {
  /** The files that were read, in order; a later one counts more. */
  readonly files: readonly string[]
  /** The one more that was asked for; ''. */
  readonly also: string
  readonly changes: readonly ConfigurationChange[]
  readonly warnings: readonly string[]
}

/** One setting as it is in force. Secrets are masked. */
export interface ShownSetting {
  readonly key: string
  readonly group: string
  readonly says: string
  readonly unit: string | null
  readonly value: unknown
  readonly default: unknown
  /** By a file or the command line. */
  readonly isGiven: boolean
  readonly from: 'now' | 'restart'
}

/** `GET /api/v2/settings` : the settings in force at this manager, and what reading the files again would change. */
export interface SettingsView {
  readonly node: string
  readonly files: readonly string[]
  readonly warnings: readonly string[]
  readonly settings: readonly ShownSetting[]
  /** `problem`: why the files cannot be used as they are now; null: they can. */
  readonly pending: { readonly changes: readonly ConfigurationChange[]; readonly warnings: readonly string[]; readonly problem: string | null }
}

export const reloadConfiguration = operation<ConfigurationReload>()({
  name: 'reload-configuration',
  says: 'Read the configuration files again. What is wrong with them is answered, and then nothing changes.',
  on: 'service', access: 'write', dangerLevel: 2, plans: false, runs: 'where-asked',
  input: { config: optional.text('One more file of this host that is read after the others; it may be missing.') },
  former: { routes: ['reload-configuration'], commands: [], answers: 'envelope' },
})

export const reloadClusterAlias = operation<never>()({
  name: 'reload-cluster-alias',
  says: 'Retired: aliases of clusters are always those that hold. Always refused, as by the original.',
  on: 'service', access: 'write', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['reload-cluster-alias'], commands: [], answers: 'envelope' },
})
