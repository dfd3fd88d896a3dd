import { mysqlSettings } from '../adapters/mysql/settings.ts'
import { type Problem, problemText } from '../config/problem.ts'
import type { Settings } from '../config/settings.ts'
import type { DoctorParts } from '../engine/operations/doctor-parts.ts'
import { recoverySettings } from '../engine/recovery/settings.ts'
import { settingValues } from '../kit/setting.ts'
import type { HookCommand } from '../model/doctor/subjects.ts'
import type { Examiner } from '../ports/examiner.ts'
import type { Programs } from '../ports/programs.ts'
import { appSettings } from './settings.ts'

const examinationMilliseconds = 10_000

/** The doctor's view of the settings and of this machine. */
export function doctorParts(settings: Settings, warnings: () => readonly Problem[], examiner: Examiner, programs: Programs): DoctorParts {
  const ofServers = settingValues(mysqlSettings, settings)
  const isUnknownKey = ({ says, key }: Problem): boolean => key !== null && says.startsWith(`unknown key ${key}`)
  return {
    examine: key => examiner.examine(key, { deadlineMilliseconds: examinationMilliseconds }),
    policy: () => ({ findsReplicasByReport: ofServers.discoverByShowReplicas, namesServersByReport: ofServers.hostnameFrom.toLowerCase() === '@@report_host' }),
    configuration: () => ({
      userOfServers: ofServers.user,
      unknownKeys: warnings().filter(isUnknownKey).map(problemText), remarks: warnings().filter(problem => !isUnknownKey(problem)).map(problemText),
      hooks: hookCommands(settings, programs),
    }),
    filterSettings: { primary: appSettings.primaryFilters.key, intermediate: appSettings.intermediateFilters.key },
  }
}

/** Every hook of every list, with the program it begins with. */
function hookCommands(settings: Settings, programs: Programs): readonly HookCommand[] {
  const lists = Object.values(recoverySettings).map(({ key }) => key).filter(key => key.endsWith('Processes'))
  const byKey: Readonly<Record<string, unknown>> = settings
  return lists.flatMap(setting => {
    const commands = byKey[setting]
    if (!Array.isArray(commands)) return []
    return commands.map(String).filter(command => command.trim() !== '').map(command => {
      const [program = ''] = command.trim().split(/\s+/)
      return { setting, program, state: programs.look(program) }
    })
  })
}
