import { changeText, type CurrentSettings } from '../config/current-settings.ts'
import { problemText } from '../config/problem.ts'
import type { ConfigurationParts } from '../engine/operations/configuration-parts.ts'
import { fail, ok } from '../kit/result.ts'
import type { Log } from '../ports/log.ts'
import { effectiveSettings } from './effective-settings.ts'

/** Reads the files again, by whatever way it is asked for, and says in the log and the audit what came of it. */
export function reloading(current: CurrentSettings, log: Log, audit: (message: string) => void): ConfigurationParts {
  return {
    reload: (also, by) => {
      const read = current.reload(also === '' ? undefined : also)
      if (!read.ok) {
        const text = read.failure.problems.map(problemText).join('; ')
        log.error('the configuration cannot be used; the former one stays', { text, by })
        audit(`by ${by}: refused: ${text}`)
        return fail(text)
      }
      const { files, changes, loaded } = read.value
      const warnings = loaded.warnings.map(problemText)
      for (const warning of warnings) log.warning(warning)
      const text = changes.length === 0 ? 'nothing changed' : changes.map(changeText).join('; ')
      log.info('the configuration was read again', { files: files.join(', '), changes: text, by })
      audit(`by ${by}: ${text}`)
      return ok({ files, also, changes, warnings })
    },
    effective: () => effectiveSettings(current),
  }
}
