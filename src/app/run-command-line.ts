import { hostname, userInfo } from 'node:os'
import type { Caller } from '../cli/caller.ts'
import type { Flags } from '../cli/flags.ts'
import { commandList } from '../cli/help.ts'
import { commandNamed } from '../cli/commands.ts'
import { remoteCaller } from '../cli/remote-caller.ts'
import { runCommand } from '../cli/run-command.ts'
import { loadSettings } from '../config/load-settings.ts'
import { settingsRequest } from './settings-request.ts'
import { problemText } from '../config/problem.ts'
import { displaySettings } from '../config/settings.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { VirtualNameUse } from '../engine/execution/virtual-names.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { buildEngine } from './engine.ts'
import { localCaller } from './local-caller.ts'
import { errorLine, newLog, systemLog } from './logs.ts'
import { keepRegistered } from './registration.ts'

/** Runs one command and prints what it came to; answers the exit status. */
export async function runCommandLine(command: string, flags: Flags): Promise<number> {
  const inTheWay = groupInTheWay(flags)
  if (inTheWay !== null) return fatal(inTheWay)
  if (command === 'help') {
    process.stderr.write(`${commandList()}\n`)
    return 0
  }
  if (command !== 'dump-config' && commandNamed(command) === undefined) return fatal(`Unknown command: "${command}". ${commandList()}`)
  const user = userInfo().username
  const caller = await callerFor(command, flags, user)
  if (!caller.ok) return fatal(caller.failure)
  if (caller.value === null) return 0
  try {
    const result = await runCommand(command, flags, caller.value, { hostname: hostname(), user })
    if (result.lines.length > 0) process.stdout.write(`${result.lines.join('\n')}\n`)
    for (const error of result.errors) errorLine('ERROR', error)
    return result.fatal === null ? 0 : fatal(result.fatal)
  } finally {
    await caller.value.close()
    await systemLog.close()
  }
}

/** A group of managers is changed through the one that leads, never behind its back: every command is refused, also one that only reads or does not exist. */
function groupInTheWay(flags: Flags): string | null {
  const { ORCHESTRATOR_API: api = '' } = process.env
  if (flags['ignore-raft-setup'] || api.trim() !== '') return null
  const loaded = loadSettings(settingsRequest(flags))
  if (!loaded.ok) return null
  const { RaftEnabled: byRaft, EtcdEndpoints: etcd } = loaded.value.settings
  return byRaft ? raftRefusal : etcd.length > 0 ? etcdRefusal : null
}

function fatal(text: string): number {
  errorLine('FATAL', text)
  return 1
}

/** Null: everything was said already (dump-config). */
async function callerFor(command: string, flags: Flags, user: string): Promise<Result<Caller | null, string>> {
  const { ORCHESTRATOR_API: api = '' } = process.env
  if (api.trim() !== '' && command !== 'dump-config') return ok(remote(api))
  const loaded = loadSettings(settingsRequest(flags))
  if (!loaded.ok) return fail(loaded.failure.problems.map(problemText).join('; '))
  const { settings } = loaded.value
  if (command === 'dump-config') {
    process.stdout.write(`${JSON.stringify(displaySettings(settings))}\n`)
    return ok(null)
  }
  const log = newLog(() => (flags.quiet ? 'error' : flags.debug || settings.Debug ? 'debug' : flags.verbose ? 'info' : 'error'), settings.EnableSyslog ? { system: systemLog } : {})
  const engine = await buildEngine({ settings, log, command: `-c ${command}`, warnings: loaded.value.warnings, virtualNames: virtualNamesOf(flags) })
  if (!engine.ok) return engine
  const caller = localCaller(engine.value, flags.owner || user)
  if (flags['skip-continuous-registration']) return ok(caller)
  const registration = await keepRegistered(engine.value.standing, systemClock, log)
  return ok({
    ...caller,
    close: async () => {
      await registration.end()
      await caller.close()
    },
  })
}

const virtualNamesOf = (flags: Flags): VirtualNameUse => (flags['skip-unresolve'] ? 'unused' : flags['skip-unresolve-check'] ? 'unchecked' : 'checked')

const raftRefusal =
  'Orchestrator configured to run raft ("RaftEnabled": true). All access must go through the web API of the active raft node. You may use the orchestrator-client script. ' +
  'To override and work on the local store only, use --ignore-raft-setup'

const etcdRefusal =
  'Several managers are one by etcd (EtcdEndpoints is set). All access must go through the web API, by which the one that leads is reached (set ORCHESTRATOR_API). ' +
  'To override and work on the local store only, use --ignore-raft-setup'

function remote(api: string): Caller {
  const environment = process.env
  return remoteCaller({
    addresses: api.trim().split(/\s+/), user: environment['ORCHESTRATOR_AUTH_USER'] ?? '', password: environment['ORCHESTRATOR_AUTH_PASSWORD'] ?? '',
    header: environment['ORCHESTRATOR_AUTH_USER_HEADER'] ?? '',
  }, () => systemClock.now())
}
