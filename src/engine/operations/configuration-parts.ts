import type { ConfigurationReload, SettingsView } from '../../contract/configuration.ts'
import type { Result } from '../../kit/result.ts'

/** What operations ask of the configuration. */
export interface ConfigurationParts {
  /** Reads the files again, and one more where it is named; the failure is what is wrong with them. `by`: for the audit. */
  reload(also: string, by: string): Result<ConfigurationReload, string>
  /** What is in force, and what a reload would change now; null: this process has nothing to tell. */
  effective(): Omit<SettingsView, 'node'> | null
}

/** A process that does one thing and ends. */
export const readOnce: ConfigurationParts = {
  reload: () => ({ ok: false, failure: 'this process reads its configuration once' }),
  effective: () => null,
}
