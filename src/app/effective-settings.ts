import type { CurrentSettings } from '../config/current-settings.ts'
import { keyList } from '../config/keys.ts'
import { problemText } from '../config/problem.ts'
import { restartKeys } from '../config/restart-keys.ts'
import { displaySettings } from '../config/settings.ts'
import type { SettingsView } from '../contract/configuration.ts'

/** The settings in force, secrets masked, with what the files say by now. Older names of a setting and those that nothing reads are left out unless a file gives them. */
export function effectiveSettings(current: CurrentSettings): Omit<SettingsView, 'node'> {
  const { settings, files, explicit, warnings } = current.loaded
  const shown = displaySettings(settings)
  const read = current.look()
  return {
    files, warnings: warnings.map(problemText),
    settings: keyList.filter(([key, facts]) => explicit.has(key) || (facts.unused === undefined && facts.synonymOf === undefined)).map(([key, facts]) => ({
      key, group: facts.group, says: facts.says, unit: facts.unit ?? null, value: shown[key], default: facts.default, isGiven: explicit.has(key),
      from: restartKeys.has(key) ? 'restart' as const : 'now' as const,
    })),
    pending: read.ok
      ? { changes: read.value.changes, warnings: read.value.loaded.warnings.map(problemText), problem: null }
      : { changes: [], warnings: [], problem: read.failure.problems.map(problemText).join('; ') },
  }
}
