import { CurrentSettings } from '../config/current-settings.ts'
import type { LoadedSettings } from '../config/load-settings.ts'
import type { Flags } from '../cli/flags.ts'
import { clientLibrary } from '../adapters/mysql/driver/library.ts'
import { problemText } from '../config/problem.ts'
import { errorLine, logFormat, newLog, systemLog } from './logs.ts'
import { startService } from './service.ts'
import { settingsRequest } from './settings-request.ts'

/** What is under way when the service is told to end may take so long. */
const stopMilliseconds = 8000

/** Serves until told to end; answers the exit status. `isSilent`: it polls and recovers, and listens to nobody. */
export async function runService(loaded: LoadedSettings, flags: Flags, pageFolder: string, isSilent = false): Promise<number> {
  const current = new CurrentSettings(loaded, settingsRequest(flags))
  const { EnableSyslog: tellsSystem, LogFormat: format } = loaded.settings
  const style = { format: logFormat(format), ...(tellsSystem ? { system: systemLog } : {}) }
  const log = newLog(() => (flags.quiet ? 'error' : flags.debug || current.live.Debug ? 'debug' : flags.verbose ? 'info' : 'error'), style)
  // What is wrong with the configuration is told in any case.
  const atStart = newLog(() => (flags.quiet ? 'error' : 'warning'), style)
  for (const warning of loaded.warnings) atStart.warning(problemText(warning))
  // Before anything is opened: a signal that comes while the service starts, or right after it said its address, ends it as cleanly as a later one.
  const told = new Promise<NodeJS.Signals>(resolve => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve)
  })
  // Not at the first poll: it would wait for it, and an upgrade may have taken the file away by then.
  await clientLibrary()
  const started = await startService({ current, log, polls: isSilent || flags.discovery, changesNothing: flags.noop, pageFolder, isSilent, grabs: flags['grab-election'] })
  if (!started.ok) {
    errorLine('FATAL', started.failure)
    return 1
  }
  if (isSilent) log.info('polls and recovers, and listens to nobody')
  else process.stdout.write(`Orchestrator listens on ${started.value.address}\n`)
  process.on('SIGHUP', () => started.value.reload('SIGHUP'))
  const signal = await told
  log.info('stopping', { signal })
  const late = setTimeout(() => {
    errorLine('ERROR', `What was under way did not end within ${stopMilliseconds / 1000} s`)
    process.exit(1)
  }, stopMilliseconds)
  await started.value.stop()
  await systemLog.close()
  clearTimeout(late)
  return 0
}
