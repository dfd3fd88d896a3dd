import { contract } from '../contract/all.ts'
import { formerText } from '../contract/former-text.ts'
import type { AnyOperation } from '../contract/operation.ts'
import type { DryRunView } from '../contract/views.ts'
import type { Reason } from '../kit/reason.ts'
import { refusalIn } from '../engine/operations/previews.ts'
import type { Caller, TextInput } from './caller.ts'
import { type Command, commandNamed } from './commands.ts'
import type { Flags } from './flags.ts'
import { commandList } from './help.ts'
import { dryRunText } from './plan-text.ts'

export interface CommandEnvironment {
  /** Host name of this machine, for commands without -i. */
  readonly hostname: string
  /** Operating system user, for -owner. */
  readonly user: string
}

interface PrintingEnvironment extends CommandEnvironment {
  readonly dryRunText: (view: DryRunView) => string
}

/** What a command came to. `fatal` is the end of a line on stderr and means exit status 1. */
export interface CommandResult {
  readonly lines: readonly string[]
  /** Errors that were met and do not end the command. */
  readonly errors: readonly string[]
  readonly fatal: string | null
  /** The reason behind `fatal`, where a service or an operation gave one. */
  readonly refused?: Reason
}

export const emptyList = '-i -: standard input names no server, so nothing is done'

/** Why a command cannot be run as given, before anything is opened; null when it can. */
export function mistakeIn(flags: Flags): string | null {
  if (flags.s !== '' && flags.d !== '') return "-s and -d are synonyms, yet both were specified. You're probably doing the wrong thing."
  if (!/^(prefer|neutral|prefer_not|must_not)$/.test(flags['promotion-rule'])) return '-promotion-rule only supports prefer|neutral|prefer_not|must_not'
  return null
}

/** Runs a command once for each instance in -i; the first that fails ends all. */
export async function runCommand(name: string, flags: Flags, caller: Caller, environment: CommandEnvironment): Promise<CommandResult> {
  const command = commandNamed(name)
  if (command === undefined) return { lines: [], errors: [], fatal: `Unknown command: "${name}". ${commandList()}` }
  const missing = Object.entries(command.needs ?? {}).find(([flag]) => given(flags, flag) === '')
  if (missing !== undefined) return { lines: [], errors: [], fatal: missing[1] }
  return runFound(command, name, flags, caller, { ...environment, dryRunText })
}

/** The same for a command that is found, and has what it needs. */
export async function runFound(command: Command, name: string, flags: Flags, caller: Caller, environment: PrintingEnvironment): Promise<CommandResult> {
  const lines: string[] = []
  const errors: string[] = []
  const instances = flags.i.split(/[\s,]+/).filter(part => part !== '')
  for (const instance of instances.length === 0 || command.isAllAtOnce === true ? [''] : instances) {
    const result = await runOnce(command, name, flags, instance, caller, environment)
    lines.push(...result.lines)
    errors.push(...result.errors)
    if (result.fatal !== null) return { ...result, lines, errors }
  }
  return { lines, errors, fatal: null }
}

function given(flags: Flags, flag: string): string {
  if (flag === 'd') return flags.d || flags.s
  return flag === 'i' || flag === 'binlog' || flag === 'seconds' || flag === 'pool' || flag === 'reason' || flag === 'pattern' || flag === 'hostname' ? flags[flag] : ''
}

/** Plain stops and starts of replication, and what only concerns us, are done under -noop too (contract cli.md 1.1). */
const harmlessUnderNoop: ReadonlySet<string> = new Set([
  'stop-replica', 'start-replica', 'restart-replica', 'forget', 'forget-cluster', 'disable-global-recoveries', 'enable-global-recoveries',
])

/** What the original calls them then. */
const noopNames: Readonly<Record<string, string>> = { 'reset-replica': 'reset-replication' }

async function runOnce(command: Command, name: string, flags: Flags, instance: string, caller: Caller, environment: PrintingEnvironment): Promise<CommandResult> {
  const declared: AnyOperation = contract[command.operation]
  const input = inputOf(declared, name, flags, instance, command.isOfNamedCluster === true ? { ...environment, hostname: '' } : environment)
  if (flags.noop && !flags['dry-run'] && declared.dangerLevel > 1 && !harmlessUnderNoop.has(declared.name)) {
    const about = input['instance'] ?? input['cluster'] ?? ''
    return { lines: [], errors: [], fatal: `noop: aborting ${noopNames[declared.name] ?? declared.name} operation on ${about}; signalling error but nothing went wrong.` }
  }
  if (flags['dry-run'] && declared.access === 'write') {
    const shown = await caller.dryRun(command.operation, input)
    return shown.ok ? { lines: [environment.dryRunText(shown.value)], errors: [], fatal: refusalIn(shown.value)?.text ?? null } : failed(command, shown.failure)
  }
  const outcome = await caller.run(command.operation, input, flags.fingerprint)
  if (outcome.ok) return { lines: command.print(outcome.value, caller), errors: [], fatal: command.failure?.(outcome.value) ?? null }
  const { failure } = outcome
  if (failure.code === 'cluster-unknown' && command.withoutCluster !== undefined) return withoutCluster(command, failure, input, flags, caller)
  return failed(command, failure)
}

function failed(command: Command, reason: Reason): CommandResult {
  if (command.quiet?.has(reason.code) === true) return { lines: [], errors: [], fatal: null }
  return { lines: [], errors: [], fatal: command.words?.[reason.code]?.(reason.parameters) ?? formerText(reason), refused: reason }
}

/** The original logs that there is no such cluster, and goes on with none (contract cli.md 1.4). */
async function withoutCluster(command: Command, failure: Reason, input: TextInput, flags: Flags, caller: Caller): Promise<CommandResult> {
  const errors = [`Unable to determine cluster name. clusterHint=${flags.alias}`]
  if (command.withoutCluster !== 'all') return { lines: command.withoutCluster === 'empty-line' ? [''] : [], errors, fatal: null }
  const { cluster: _none, ...others } = input
  const outcome = await caller.run(command.operation, others, '')
  return outcome.ok ? { lines: command.print(outcome.value, caller), errors, fatal: null } : { lines: [], errors, fatal: failure.text }
}

/** Of the server -i or of the cluster -alias, and of neither when neither is given. */
const ofEither: ReadonlySet<string> = new Set(['doctor', 'what-if'])

/** Inputs from flags, by the names that the operation declares. */
function inputOf(declared: AnyOperation, name: string, flags: Flags, instance: string, { hostname, user }: CommandEnvironment): TextInput {
  const destination = flags.d || flags.s
  const isAboutClusters = declared.input['cluster'] !== undefined && name !== 'ack-instance-recoveries' && !ofEither.has(name)
  const sources: Readonly<Record<string, string>> = {
    all: name === 'doctor' && flags.all ? 'true' : '',
    instance: isAboutClusters ? '' : instance || (declared.input['instance']?.required === true ? hostname : ''),
    cluster: isAboutClusters ? flags.alias || instance || hostname : ofEither.has(name) ? flags.alias : '',
    destination, designated: destination, candidate: destination, donor: destination,
    owner: flags.owner || user, reason: flags.reason, comment: flags.reason, duration: flags.duration, pattern: flags.pattern, text: flags.pattern,
    tag: flags.tag, pool: flags.pool, instances: flags.i.split(/[\s,]+/).join(','), promotionRule: flags['promotion-rule'], virtualname: flags.hostname, addr: flags.hostname, node: flags.hostname, hint: flags.hostname,
    logFile: flags.binlog, position: flags.binlog, statement: flags.statement,
    host: flags.hostname, command: flags.pattern, seconds: flags.seconds,
    relayLogsOnly: flags['skip-binlog-search'] ? 'true' : '',
  }
  return Object.fromEntries(Object.keys(declared.input).flatMap(input => (sources[input] === undefined || sources[input] === '' ? [] : [[input, sources[input]]])))
}
