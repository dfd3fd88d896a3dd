import { enableCompileCache } from 'node:module'
import { hostname, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { flagList, parseArguments } from './cli/flags.ts'
import { remoteCaller } from './cli/remote-caller.ts'
import { mistakeIn, runCommand } from './cli/run-command.ts'

/** `orchestrator-client`: runs one command in a service, over its API. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(argv)
  if (!parsed.ok) return fatal(parsed.failure)
  if (parsed.value === 'help') {
    process.stdout.write(flagList('orchestrator-client'))
    return 0
  }
  const { flags } = parsed.value
  if (flags.version) {
    const { version } = await import('./app/version.ts')
    process.stdout.write(`${version}\n`)
    return 0
  }
  const mistake = mistakeIn(flags)
  if (mistake !== null) return fatal(mistake)
  const { ORCHESTRATOR_API: api, ORCHESTRATOR_AUTH_USER: user, ORCHESTRATOR_AUTH_PASSWORD: password, ORCHESTRATOR_AUTH_USER_HEADER: header } = process.env
  const caller = remoteCaller({ addresses: (api?.trim() || 'http://localhost:3000').split(/\s+/), user: user ?? '', password: password ?? '', header: header ?? '' }, () => Date.now())
  const result = await runCommand(flags.c, flags, caller, { hostname: hostname(), user: userInfo().username })
  if (result.lines.length > 0) process.stdout.write(`${result.lines.join('\n')}\n`)
  return result.fatal === null ? 0 : fatal(result.fatal)
}

function fatal(text: string): number {
  process.stderr.write(`orchestrator-client[${process.pid}]: ${text}\n`)
  return 1
}

if (basename(import.meta.dirname) !== 'src') enableCompileCache(join(import.meta.dirname, '.compile-cache'))
process.exitCode = await main(process.argv.slice(2))
