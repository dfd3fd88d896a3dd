import { hostname, userInfo } from 'node:os'
import type { Caller } from '../cli/caller.ts'
import type { Flags } from '../cli/flags.ts'
import { commandList } from '../cli/help.ts'
import { commandNamed } from '../cli/commands.ts'
import { addressInUse, readAddress, remoteCaller, type RemoteSettings } from '../cli/remote-caller.ts'
import { processCommandNamed } from '../cli/process-commands.ts'
import { emptyList, runCommand } from '../cli/run-command.ts'
import { loadSettings } from '../config/load-settings.ts'
import { settingsRequest } from './settings-request.ts'
import { problemText } from '../config/problem.ts'
import { displaySettings, type Settings } from '../config/settings.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { VirtualNameUse } from '../engine/execution/virtual-names.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { settingValues } from '../kit/setting.ts'
import { errorLine, newLog, systemLog } from './logs.ts'
import { version } from './version.ts'

/** Runs one command and prints what it came to; answers the exit status. */
export async function runCommandLine(command: string, flags: Flags): Promise<number> {
  const inTheWay = groupInTheWay(flags)
  if (inTheWay !== null) return fatal(inTheWay)
  if (command === 'help') {
    process.stderr.write(`${commandList()}\n`)
    return 0
  }
  if (command === 'which-api' || command === 'api') return askService(command, flags)
  if (command === 'redeploy-internal-db') return redeploy(flags)
  if (processCommandNamed(command) === undefined && commandNamed(command) === undefined) return fatal(`Unknown command: "${command}". ${commandList()}`)
  const user = userInfo().username
  const caller = await callerFor(command, flags, user)
  if (!caller.ok) return fatal(caller.failure)
  if (caller.value === null) return 0
  try {
    const listed = await withListOf(flags)
    if (listed === null) return fatal(emptyList)
    const result = await runCommand(command, listed, caller.value, { hostname: hostname(), user })
    if (result.lines.length > 0) process.stdout.write(`${result.lines.join('\n')}\n`)
    for (const error of result.errors) errorLine('ERROR', error)
    return result.fatal === null ? 0 : fatal(result.fatal)
  } finally {
    await caller.value.close()
    await systemLog.close()
  }
}

/** The service in which a command runs; '' for none: it runs here, on the database. */
const serviceOf = (flags: Flags): string => (flags.api || (process.env['ORCHESTRATOR_API'] ?? '')).trim()

/** A group of managers is changed through the one that leads, never behind its back: every command is refused, also one that only reads or does not exist. */
function groupInTheWay(flags: Flags): string | null {
  const api = serviceOf(flags)
  if (flags['ignore-raft-setup'] || api !== '') return null
  const loaded = loadSettings(settingsRequest(flags))
  if (!loaded.ok) return null
  return groupRefusal(loaded.value.settings)
}

/** Why a member of a group runs no command; null where there is no group. */
export const groupRefusal = ({ RaftEnabled: byRaft, EtcdEndpoints: etcd }: Pick<Settings, 'RaftEnabled' | 'EtcdEndpoints'>): string | null =>
  (byRaft ? raftRefusal : etcd.length > 0 ? etcdRefusal : null)

/** `-i -`: servers are read from standard input. Null: it names none, and this machine is not meant instead. */
async function withListOf(flags: Flags): Promise<Flags | null> {
  if (flags.i !== '-') return flags
  const { text } = await import('node:stream/consumers')
  const list = (await text(process.stdin)).trim()
  return list === '' ? null : { ...flags, i: list }
}

function fatal(text: string): number {
  errorLine('FATAL', text)
  return 1
}

/** Null: everything was said already (dump-config). */
async function callerFor(command: string, flags: Flags, user: string): Promise<Result<Caller | null, string>> {
  const api = serviceOf(flags)
  if (api !== '' && command !== 'dump-config') return ok(remote(api))
  const loaded = loadSettings(settingsRequest(flags))
  if (!loaded.ok) return fail(loaded.failure.problems.map(problemText).join('; '))
  const { settings } = loaded.value
  if (command === 'dump-config') {
    process.stdout.write(`${JSON.stringify(displaySettings(settings))}\n`)
    return ok(null)
  }
  const log = newLog(() => (flags.quiet ? 'error' : flags.debug || settings.Debug ? 'debug' : flags.verbose ? 'info' : 'error'), settings.EnableSyslog ? { system: systemLog } : {})
  // Most of the program, which what is asked of a service does without.
  const [{ buildEngine }, { localCaller }, { keepRegistered }] = await Promise.all([import('./engine.ts'), import('./local-caller.ts'), import('./registration.ts')])
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
  'Several managers are one by etcd (EtcdEndpoints is set). All access must go through the web API, by which the one that leads is reached (--api, or ORCHESTRATOR_API). ' +
  'To override and work on the local store only, use --ignore-raft-setup'

/** What is asked of a service as it stands. Without its address there is none to ask. */
async function askService(command: 'which-api' | 'api', flags: Flags): Promise<number> {
  const api = serviceOf(flags)
  if (api === '') return fatal(`${command}: neither --api nor ORCHESTRATOR_API is set, so that commands run in this process and ask no service`)
  if (command === 'which-api') {
    const address = await addressInUse(remoteSettings(api))
    if (!address.ok) return fatal(address.failure.text)
    process.stdout.write(`${address.value}\n`)
    return 0
  }
  if (flags.path === '') return fatal('api: --path must be provided')
  const answer = await readAddress(remoteSettings(api), flags.path)
  if (!answer.ok) return fatal(answer.failure.text)
  process.stdout.write(`${answer.value.text}\n`)
  return answer.value.status < 400 ? 0 : 1
}

/** Opening the store makes what it lacks. */
async function redeploy(flags: Flags): Promise<number> {
  const loaded = loadSettings(settingsRequest({ ...flags, 'enable-database-update': true }))
  if (!loaded.ok) return fatal(loaded.failure.problems.map(problemText).join('; '))
  const [{ openStore }, { storeSettings }] = await Promise.all([import('../adapters/store/open-store.ts'), import('../adapters/store/settings.ts')])
  const store = await openStore({ settings: settingValues(storeSettings, loaded.value.settings), version, clock: systemClock })
  if (!store.ok) return fatal(store.failure.text)
  await store.value.close()
  process.stdout.write('Redeployed internal db\n')
  return 0
}

const remote = (api: string): Caller => remoteCaller(remoteSettings(api), () => systemClock.now())

function remoteSettings(api: string): RemoteSettings {
  const environment = process.env
  return {
    addresses: api.split(/\s+/), user: environment['ORCHESTRATOR_AUTH_USER'] ?? '', password: environment['ORCHESTRATOR_AUTH_PASSWORD'] ?? '',
    header: environment['ORCHESTRATOR_AUTH_USER_HEADER'] ?? '',
  }
}
