import { fail, ok, type Result } from '../kit/result.ts'

interface FlagFacts {
  readonly type: 'text' | 'boolean'
  readonly default: string
  readonly says: string
}

/** Every flag (contract cli.md 1.1), and ours: api, dry-run, fingerprint … */
export const flagTable = {
  'all': { type: 'boolean', default: 'false', says: 'doctor: every known server, and the configuration' },
  'alias': { type: 'text', default: '', says: 'cluster alias, or cluster name' },
  'api': { type: 'text', default: '', says: 'run the command in the service at this address; of several, parted by blanks, in the one that leads' },
  'binlog': { type: 'text', default: '', says: 'binary log file, or file:position' },
  'c': { type: 'text', default: '', says: 'command; -c help lists all' },
  'config': { type: 'text', default: '', says: 'configuration file; only this one is read, and it must exist' },
  'd': { type: 'text', default: '', says: 'destination instance, host[:port]' },
  'debug': { type: 'boolean', default: 'false', says: 'log everything' },
  'discovery': { type: 'boolean', default: 'true', says: 'http: poll servers and recover; false serves the API only' },
  'dry-run': { type: 'boolean', default: 'false', says: 'show the plan, do nothing' },
  'duration': { type: 'text', default: '', says: 'how long: 59s, 59m, 23h, 6d, 4w' },
  'enable-database-update': { type: 'boolean', default: 'false', says: 'create or extend the tables even if SkipOrchestratorDatabaseUpdate is set' },
  'fingerprint': { type: 'text', default: '', says: 'run only the plan that --dry-run showed under this fingerprint' },
  'grab-election': { type: 'boolean', default: 'false', says: 'http: take leadership at start' },
  'hostname': { type: 'text', default: '', says: 'host name, for commands about names' },
  'i': { type: 'text', default: '', says: 'instance, host[:port]; several parted by comma; - reads them from standard input' },
  'ignore-raft-setup': { type: 'boolean', default: 'false', says: 'run commands although RaftEnabled is set' },
  'noop': { type: 'boolean', default: 'false', says: 'refuse to change any server' },
  'owner': { type: 'text', default: '', says: 'who is responsible; the operating system user without it' },
  'path': { type: 'text', default: '', says: 'api: what is asked for, below /api/' },
  'pattern': { type: 'text', default: '', says: 'regular expression or text to look for, by command' },
  'pool': { type: 'text', default: '', says: 'name of a pool' },
  'promotion-rule': { type: 'text', default: 'prefer', says: 'prefer|neutral|prefer_not|must_not' },
  'quiet': { type: 'boolean', default: 'false', says: 'log errors only' },
  'reason': { type: 'text', default: '', says: 'why; the comment of an acknowledgement' },
  's': { type: 'text', default: '', says: 'the same as -d' },
  'seconds': { type: 'text', default: '', says: 'seconds of delay, 0 is none; of a takeover: how long the successor may take to catch up' },
  'skip-binlog-search': { type: 'boolean', default: 'false', says: 'Pseudo-GTID: search relay logs only' },
  'skip-continuous-registration': { type: 'boolean', default: 'false', says: 'do not register this process in the store' },
  'skip-unresolve': { type: 'boolean', default: 'false', says: 'do not use virtual host names' },
  'skip-unresolve-check': { type: 'boolean', default: 'false', says: 'do not check that a virtual host name resolves back' },
  'stack': { type: 'boolean', default: 'false', says: 'add a stack trace to errors' },
  'statement': { type: 'text', default: '', says: 'statement to be run between stop and start' },
  'strict': { type: 'boolean', default: 'false', says: 'more checks' },
  'tag': { type: 'text', default: '', says: 'tag, name or name=value' },
  'verbose': { type: 'boolean', default: 'false', says: 'log what is done' },
  'version': { type: 'boolean', default: 'false', says: 'print the version' },
} as const satisfies Readonly<Record<string, FlagFacts>>

export type FlagName = keyof typeof flagTable
export type Flags = { readonly [Name in FlagName]: (typeof flagTable)[Name]['type'] extends 'boolean' ? boolean : string }

export interface Arguments {
  readonly flags: Flags
  /** What follows the flags. */
  readonly words: readonly string[]
}

/** Reads `-flag value`, `-flag=value`, one dash or two; stops at the first word that is no flag, or behind `--`. `help`: the list was asked for. */
export function parseArguments(argv: readonly string[]): Result<Arguments | 'help', string> {
  const values = new Map<string, string>(Object.entries(flagTable).map(([name, facts]) => [name, facts.default]))
  let at = 0
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') {
      at++
      break
    }
    const [, name, , given] = /^--?([^-=][^=]*)(=([\s\S]*))?$/.exec(word) ?? []
    if (name === undefined) break
    if (name === 'h' || name === 'help') return ok('help')
    const facts = isFlag(name) ? flagTable[name] : undefined
    if (facts === undefined) return fail(`flag provided but not defined: -${name}`)
    if (facts.type === 'boolean') {
      const value = booleanOf(given ?? 'true')
      if (value === null) return fail(`invalid boolean value "${given}" for -${name}: parse error`)
      values.set(name, String(value))
    } else if (given !== undefined) values.set(name, given)
    else {
      const value = argv[++at]
      if (value === undefined) return fail(`flag needs an argument: -${name}`)
      values.set(name, value)
    }
  }
  return ok({ flags: flagsOf(values), words: argv.slice(at) })
}

const isFlag = (name: string): name is FlagName => Object.hasOwn(flagTable, name)

/** The spellings that the original takes. */
function booleanOf(text: string): boolean | null {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true
  return /^(0|f|F|false|FALSE|False)$/.test(text) ? false : null
}

function flagsOf(values: ReadonlyMap<string, string>): Flags {
  const entries = Object.entries(flagTable).map(([name, facts]) => [name, facts.type === 'boolean' ? values.get(name) === 'true' : values.get(name)])
  return Object.fromEntries(entries) as Flags // name by name from the same table
}

/** `Usage of PROGRAM:` and a line pair per flag, sorted by name. */
export function flagList(program: string): string {
  const lines = Object.entries(flagTable).map(([name, facts]) => {
    const shown = facts.default === '' || facts.default === 'false' ? '' : ` (default ${facts.type === 'text' ? JSON.stringify(facts.default) : facts.default})`
    return `  -${name}${facts.type === 'text' ? ' string' : ''}\n    \t${facts.says}${shown}\n`
  })
  return `Usage of ${program}:\n${lines.join('')}`
}
