import type { Flags } from '../cli/flags.ts'
import type { SettingsRequest } from '../config/load-settings.ts'

/** Which files are read, and what the command line says otherwise. */
export const settingsRequest = (flags: Pick<Flags, 'config' | 'enable-database-update'>): SettingsRequest => ({
  path: flags.config === '' ? undefined : flags.config,
  overrides: flags['enable-database-update'] ? { SkipOrchestratorDatabaseUpdate: false } : undefined,
})
