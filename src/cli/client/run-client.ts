import { plainJson, toJson } from '../../contract/wire.ts'
import type { DryRunView } from '../../contract/views.ts'
import type { Caller } from '../caller.ts'
import { type Command, commandNamed } from '../commands.ts'
import { type Flags, parseArguments } from '../flags.ts'
import { commandList, topicHelp } from '../help.ts'
import { dryRunText } from '../plan-text.ts'
import { processCommandNamed } from '../process-commands.ts'
import type { RemoteSettings } from '../remote-caller.ts'
import { emptyList, mistakeIn, runFound } from '../run-command.ts'
import { askService } from './ask-service.ts'
import { clientCommandNamed, missingIn } from './client-command.ts'
import { completionScripts, isShell, shells } from './completion.ts'
import { endpointOf } from './endpoint.ts'
import { optionList, type Options, parseClientArguments } from './options.ts'
import { tableLines } from './tables.ts'

/** What the client is given of the world. */
export interface ClientWorld {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly user: string
  readonly processId: number
  /** Standard output is read by a person. */
  readonly isTerminal: boolean
  version(): Promise<string>
  standardInput(): Promise<string>
  callerFor(settings: RemoteSettings): Caller
}

export interface ClientResult {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

const program = 'orchestrator-client'

/** `orchestrator-client`: one command, run in a service. */
export async function runClient(argv: readonly string[], world: ClientWorld): Promise<ClientResult> {
  const own = (text: string): ClientResult => ({ stdout: '', stderr: `${program}[${world.processId}]: ${text}\n`, status: 1 })
  const parsed = parseClientArguments(argv)
  if (!parsed.ok) return own(parsed.failure)
  const { options, words } = parsed.value
  if (options.version) return said(await world.version())
  if (options.help) return said(usage())
  const [word = '', topic = '', ...more] = words
  // Without -c the first word is the command.
  const asked = options.command || word
  const name = commandNamed(asked) === undefined ? asked.replace('slave', 'replica') : asked
  if (more.length > 0 || (words.length > 0 && options.command !== '') || (topic !== '' && name !== 'help' && name !== 'completion')) {
    return own(`Unexpected argument ${options.command === '' ? words[1] : word}; a name with blanks needs quotes`)
  }
  if (name === '') return own(`No command given. Use ${program} -c <command> [...] or ${program} --command <command> [...] to do something useful`)
  if (name === 'help') return topic === '' ? said(commandList(program)) : help(topic, own)
  if (name === 'completion') return isShell(topic) ? said(completionScripts[topic]().trimEnd()) : own(`completion: ${shells.join(', ')} are known, and "${topic}" is not`)
  const endpoint = endpointOf(options, world.environment)
  if (!endpoint.ok) return own(endpoint.failure)
  if (name === 'which-api' || name === 'api') return askService(name, options.path, endpoint.value, own)
  const command = clientCommandNamed(name)
  if (command === undefined) return own(processCommandNamed(name) === undefined ? `Unsupported command ${name}` : `Unsupported command ${name}: it is about this machine, ask orchestrator -c ${name}`)
  const flags = await flagsOf(name, options, world)
  const mistake = options.instance === '-' && flags.i === '' && flags.pattern === '' ? emptyList : mistakeIn(flags)
  if (mistake !== null) return own(mistake)
  const missing = missingIn(command, name, flags)
  if (missing !== null) return own(missing)
  return run(command, name, flags, options, world, endpoint.value)
}

const said = (text: string): ClientResult => ({ stdout: `${text}\n`, stderr: '', status: 0 })

function help(topic: string, own: (text: string) => ClientResult): ClientResult {
  const text = topicHelp(topic, program)
  return text === '' ? own(`Unsupported command ${topic}`) : said(`${topic}:\n${text}`)
}

const usage = (): string => [
  `Usage: ${program} -c COMMAND [options] | ${program} COMMAND [options] | ${program} help [COMMAND] | ${program} completion ${shells.join('|')}`, '',
  'Runs a command in the service that ORCHESTRATOR_API names; of several addresses the one that leads is asked.', '', optionList(),
].join('\n')

async function run(command: Command, name: string, flags: Flags, options: Options, world: ClientWorld, endpoint: RemoteSettings): Promise<ClientResult> {
  const caller = world.callerFor(endpoint)
  const print = printOf(command, options, world)
  const result = await runFound({ ...command, print }, name, flags, caller, { hostname: '', user: world.user, dryRunText: options.json ? plainJson : ownDryRunText })
  await caller.close()
  const { fatal, refused } = result
  const lines = options.json && refused !== undefined ? [...result.lines, toJson({ refused })] : result.lines
  // A script of the original tells the sentence as the service has it, without time and level.
  return { stdout: lines.map(line => `${line}\n`).join(''), stderr: [...result.errors, ...(fatal === null ? [] : [fatal])].map(line => `${line}\n`).join(''), status: fatal === null ? 0 : 1 }
}

function printOf(command: Command, options: Options, world: ClientWorld): Command['print'] {
  if (options.json) return output => [toJson(output)]
  if (!world.isTerminal || options.plain) return command.print
  return (output, context) => tableLines(command.names[0], output) ?? command.print(output, context)
}

/** What runs exactly the plan is run by the client, too. */
const ownDryRunText = (view: DryRunView): string =>
  dryRunText(view.state === 'plan' ? { ...view, plan: { ...view.plan, command: view.plan.command.replace(/^orchestrator /, `${program} `) } } : view)

/** The same as flags of `orchestrator`, of which the inputs of operations are made. */
async function flagsOf(name: string, options: Options, world: ClientWorld): Promise<Flags> {
  const standard = parseArguments([])
  if (!standard.ok || standard.value === 'help') throw new Error('no arguments are always right')
  const given = options.instance || (world.environment['ORCHESTRATOR_INSTANCE'] ?? '')
  const instances = given === '-' ? (await world.standardInput()).trim() : given
  // The script looks for what -i says.
  const isSearch = commandNamed(name)?.needs?.pattern !== undefined && options.pattern === '' && (name === 'search' || name === 'find')
  return {
    ...standard.value.flags,
    c: name, i: isSearch ? '' : withPort(instances, options.defaultPort), pattern: isSearch ? instances : options.pattern,
    d: withPort(options.destination, options.defaultPort), s: withPort(options.sibling, options.defaultPort),
    alias: options.alias, owner: options.owner || world.user, reason: options.reason, duration: options.duration || (name === 'begin-downtime' ? '10m' : ''),
    'promotion-rule': options.promotionRule || 'prefer', tag: options.tag, pool: options.pool, hostname: options.hostname, path: options.path, statement: options.query,
    binlog: options.binlog, seconds: options.seconds, 'skip-binlog-search': options.relayLogsOnly, all: options.all, 'dry-run': options.dryRun, fingerprint: options.fingerprint,
  }
}

/** Appends the port to each that has none; an address of IP version 6 needs brackets for that. */
const withPort = (list: string, port: string): string =>
  (port === '' ? list : list.split(/[\s,]+/).map(one => (one === '' || /^(\[.*\]|[^:]+):\d+$/.test(one) ? one : one.includes(':') && !one.startsWith('[') ? `[${one}]:${port}` : `${one}:${port}`)).join(','))
