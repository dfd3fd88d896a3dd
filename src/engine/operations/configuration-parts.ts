import type { ConfigurationReload } from '../../contract/configuration.ts'
import type { Result } from '../../kit/result.ts'

/** What operations ask of the configuration. */
export interface ConfigurationParts {
  /** Reads the files again, and one more where it is named; the failure is what is wrong with them. `by`: for the audit. */
  reload(also: string, by: string): Result<ConfigurationReload, string>
}

/** A process that does one thing and ends. */
export const readOnce: ConfigurationParts = {
  reload: () => ({ ok: false, failure: 'this process reads its configuration once' }),
}
