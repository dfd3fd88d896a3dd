import { fail, ok, type Result } from '../../kit/result.ts'

interface OptionFacts {
  /** The first is shown; each may be written with one dash or two. */
  readonly names: readonly [string, ...string[]]
  readonly type: 'text' | 'boolean'
  readonly says: string
}

/** Options of the original's script under its names, those of `orchestrator` that it lacks, and ours (contract cli.md 4). */
export const clientOptions = {
  command: { names: ['c', 'command'], type: 'text', says: 'command; `orchestrator-client help` lists all' },
  instance: { names: ['i', 'instance'], type: 'text', says: 'instance, host[:port]; several parted by comma, - reads them from standard input; ORCHESTRATOR_INSTANCE without it' },
  destination: { names: ['d', 'destination'], type: 'text', says: 'destination instance, host[:port]' },
  sibling: { names: ['s', 'sibling'], type: 'text', says: 'the same as -d' },
  alias: { names: ['a', 'alias'], type: 'text', says: 'cluster alias, or cluster name' },
  owner: { names: ['o', 'owner'], type: 'text', says: 'who is responsible; the operating system user without it' },
  reason: { names: ['r', 'reason'], type: 'text', says: 'why; the comment of an acknowledgement' },
  duration: { names: ['u', 'duration'], type: 'text', says: 'how long: 59s, 59m, 23h, 6d, 4w; a downtime without it lasts 10m' },
  promotionRule: { names: ['R', 'promotion-rule'], type: 'text', says: 'prefer|neutral|prefer_not|must_not; prefer without it' },
  tag: { names: ['t', 'tag'], type: 'text', says: 'tag, name or name=value' },
  pool: { names: ['l', 'pool'], type: 'text', says: 'name of a pool' },
  hostname: { names: ['H', 'hostname'], type: 'text', says: 'host name, for commands about names and about members' },
  defaultPort: { names: ['D', 'default-port'], type: 'text', says: 'port of instances that are given without one; the service knows its own' },
  api: { names: ['U', 'api'], type: 'text', says: 'addresses of the service, parted by blanks; ORCHESTRATOR_API without it' },
  path: { names: ['P', 'path'], type: 'text', says: 'api: what is asked for, below /api/' },
  query: { names: ['q', 'query', 'statement'], type: 'text', says: 'statement to be run between stop and start' },
  auth: { names: ['b', 'auth'], type: 'text', says: 'user:password; ORCHESTRATOR_AUTH_USER and ORCHESTRATOR_AUTH_PASSWORD without it' },
  headersAuth: { names: ['e', 'headers-auth'], type: 'text', says: 'a whole header, Name: value, that says who asks; ORCHESTRATOR_AUTH_USER_HEADER without it' },
  binlog: { names: ['n', 'binlog'], type: 'text', says: 'binary log file, or file:position' },
  seconds: { names: ['S', 'seconds'], type: 'text', says: 'seconds of delay; 0 is none' },
  pattern: { names: ['pattern'], type: 'text', says: 'regular expression or text to look for, by command' },
  relayLogsOnly: { names: ['skip-binlog-search'], type: 'boolean', says: 'Pseudo-GTID: search relay logs only' },
  all: { names: ['all'], type: 'boolean', says: 'doctor: every known server, and the configuration' },
  dryRun: { names: ['dry-run'], type: 'boolean', says: 'show the plan, do nothing' },
  fingerprint: { names: ['fingerprint'], type: 'text', says: 'run only the plan that --dry-run showed under this fingerprint' },
  json: { names: ['json'], type: 'boolean', says: 'print the whole answer as JSON, one line for each instance of -i; a refusal too' },
  plain: { names: ['plain'], type: 'boolean', says: 'print on a terminal what scripts get, and no table' },
  version: { names: ['version'], type: 'boolean', says: 'print the version' },
  help: { names: ['h', 'help'], type: 'boolean', says: 'print this' },
} as const satisfies Readonly<Record<string, OptionFacts>>

type OptionName = keyof typeof clientOptions
export type Options = { readonly [Name in OptionName]: (typeof clientOptions)[Name]['type'] extends 'boolean' ? boolean : string }

export interface ClientArguments {
  readonly options: Options
  /** Words that are no option: a command without -c, and what it is about. */
  readonly words: readonly string[]
}

const optionNamed = new Map<string, OptionName>(
  // Keys of the table itself.
  (Object.keys(clientOptions) as OptionName[]).flatMap(option => clientOptions[option].names.map((name): [string, OptionName] => [name, option])),
)

/** `-o value`, `--option value`, `--option=value`, in any order with words. */
export function parseClientArguments(argv: readonly string[]): Result<ClientArguments, string> {
  const given = new Map<OptionName, string>()
  const words: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') {
      words.push(...argv.slice(at + 1))
      break
    }
    const [, name, , value] = /^--?([^-=][^=]*)(=([\s\S]*))?$/.exec(word) ?? []
    if (name === undefined) {
      words.push(word)
      continue
    }
    const option = optionNamed.get(name)
    if (option === undefined) return fail(`Unknown option ${word}`)
    if (clientOptions[option].type === 'boolean') {
      if (value !== undefined && value !== 'true' && value !== 'false') return fail(`${word}: true or false is expected, and "${value}" is neither`)
      given.set(option, value ?? 'true')
    } else {
      const following = value ?? argv[++at]
      if (following === undefined) return fail(`${word} needs a value`)
      given.set(option, following)
    }
  }
  const entries = Object.entries(clientOptions).map(([option, { type }]) => {
    const text = given.get(option as OptionName) ?? '' // a key of the table
    return [option, type === 'boolean' ? text === 'true' : text]
  })
  return ok({ options: Object.fromEntries(entries) as Options, words }) // option by option from the same table
}

/** What `-h` prints below the usage. */
export function optionList(): string {
  const shown = Object.values(clientOptions).map(({ names, says }) => [names.map(name => (name.length === 1 ? `-${name}` : `--${name}`)).join(', '), says] as const)
  const width = Math.max(...shown.map(([names]) => names.length))
  return shown.map(([names, says]) => `  ${names.padEnd(width)}  ${says}`).join('\n')
}
