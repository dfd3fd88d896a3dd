import { spawnSync } from 'node:child_process'
import { type Options, parseClientArguments } from '../../../src/cli/client/options.ts'
import { type Call, type Given, scriptCalls } from './script-calls.ts'

export interface Asked {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** An answer as the script judges it: by its body alone. */
interface Judged {
  readonly call: Call
  readonly body: string
  readonly failure: string | null
  readonly isApi: boolean
}

/**
 * Asks as the script asks, and takes of the answers what it takes; one jq for all of them, since starting one for each takes longer than everything else.
 * `get`: how an address is read, by curl as the script does or within this process.
 */
export async function askAsScript(address: string, all: readonly (readonly string[])[], get: (url: string) => Promise<string>): Promise<readonly Asked[]> {
  const judged: Judged[] = []
  for (const args of all) judged.push(await ask(address, args, get))
  const good = judged.filter(({ failure }) => failure === null)
  // Each filter with its own body; each answer a list of what jq would print raw, line by line.
  const program = `[${good.map(({ call }, index) => `(try [.[${index}] | (${call.jq})] catch {error: .})`).join(', ')}]`
  const { stdout, stderr, status } = spawnSync('jq', ['-c', program], { input: `[${good.map(({ body }) => body).join(',')}]`, encoding: 'utf8' })
  if (status !== 0) throw new Error(`jq: ${stderr}`)
  // One list, or one error, for each good answer.
  const taken = JSON.parse(stdout) as readonly (readonly unknown[] | { readonly error: string })[]
  return judged.map(one => {
    // `api` prints whatever it gets.
    if (one.failure !== null) return one.isApi ? { stdout: one.body, stderr: '', status: 1 } : { stdout: '', stderr: one.failure, status: 1 }
    const values = taken[good.indexOf(one)] ?? []
    return 'error' in values ? { stdout: '', stderr: `jq: ${values.error}`, status: 5 } : { stdout: values.map(value => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join(''), stderr: '', status: 0 }
  })
}

async function ask(address: string, args: readonly string[], get: (url: string) => Promise<string>): Promise<Judged> {
  const call = callOf(args)
  const isApi = args.includes('api')
  const read = (path: string): Promise<string> => get(`${address}/api/${path.replaceAll(' ', '%20')}`)
  if (call.before !== undefined) {
    const before = await read(call.before.path)
    const failure = failureIn(before) ?? (call.before.answers !== undefined && JSON.parse(before) !== call.before.answers ? `not ${call.before.answers}` : null)
    if (failure !== null) return { call, body: before, failure, isApi }
  }
  const body = await read(call.path)
  return { call, body, failure: failureIn(body), isApi }
}

/** What the script asks for these options. */
export function callOf(args: readonly string[]): Call {
  const parsed = parseClientArguments(args)
  if (!parsed.ok) throw new Error(parsed.failure)
  const { options } = parsed.value
  const command = options.command.replace('slave', 'replica')
  const make = scriptCalls[command]
  if (make === undefined) throw new Error(`${command} is no command of the script`)
  return make(givenBy(options), command)
}

function failureIn(body: string): string | null {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return `Cannot access orchestrator: ${body}`
  }
  if (typeof value !== 'object' || value === null || !('Code' in value) || !String(value.Code).includes('ERROR')) return null
  return 'Message' in value ? String(value.Message).replaceAll(/['"]/g, '') : ''
}

function givenBy(options: Options): Given {
  const segments = (server: string): string => (server === '' ? '' : /^(.*):(\d+)$/.test(server) ? server.replace(/:(\d+)$/, '/$1') : `${server}/3306`)
  return {
    instance: segments(options.instance), destination: segments(options.destination || options.sibling), cluster: options.alias || options.instance, owner: options.owner || 'me', reason: options.reason,
    duration: options.duration || '10m', rule: options.promotionRule || 'prefer', tag: options.tag, pool: options.pool, hostname: options.hostname, path: options.path, query: options.query,
    binlog: options.binlog, seconds: options.seconds, instances: options.instance, alias: options.alias,
  }
}
