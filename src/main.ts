import { enableCompileCache } from 'node:module'
import { basename, join } from 'node:path'
import { flagList, parseArguments } from './cli/flags.ts'
import { commandList, topicHelp, usage } from './cli/help.ts'
import { mistakeIn } from './cli/run-command.ts'
import { errorLine } from './app/logs.ts'
import { settingsRequest } from './app/settings-request.ts'

/** Reads argv: run the service, or one command, or print help; nothing else. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(argv)
  if (!parsed.ok) {
    process.stderr.write(`${parsed.failure}\n${flagList('orchestrator')}`)
    return 2
  }
  if (parsed.value === 'help') {
    process.stderr.write(flagList('orchestrator'))
    return 0
  }
  const { flags, words } = parsed.value
  const mistake = mistakeIn(flags)
  if (mistake !== null) return fatal(mistake)
  if (flags.version) {
    const { version } = await import('./app/version.ts')
    process.stdout.write(`${version}\n\n`)
    return 0
  }
  const [word = '', topic = ''] = words
  if (word === 'help') return help(topic || flags.c)
  if (word === 'http') return http(flags)
  // `orchestrator doctor -i …`: commands that are a word by themselves; their flags may follow them.
  if (word === 'doctor' || word === 'what-if') return main([...argv.slice(0, argv.length - words.length), '-c', word, ...words.slice(1)])
  if (word !== '' && word !== 'cli') {
    process.stderr.write(`${usage()}\n`)
    return 1
  }
  if (flags.c === '' && word === '') {
    const problem = await configurationProblem(flags)
    if (problem !== null) return fatal(problem)
    process.stdout.write(`${usage()}\n`)
    return 0
  }
  if (flags.c === 'continuous') return http(flags, true)
  const { runCommandLine } = await import('./app/run-command-line.ts')
  return runCommandLine(flags.c, flags)
}

function fatal(text: string): number {
  errorLine('FATAL', text)
  return 1
}

function help(topic: string): number {
  if (topic === '') process.stderr.write(`${commandList()}\n`)
  else process.stdout.write(`${topic}:\n${topicHelp(topic)}\n`)
  return 0
}

async function http(flags: Parameters<typeof mistakeIn>[0], isSilent = false): Promise<number> {
  const { loadSettings } = await import('./config/load-settings.ts')
  const { problemText } = await import('./config/problem.ts')
  const loaded = loadSettings(settingsRequest(flags))
  if (!loaded.ok) return fatal(loaded.failure.problems.map(problemText).join('; '))
  const { runService } = await import('./app/run-service.ts')
  if (isSilent) {
    // Also with --ignore-raft-setup: what polls and recovers beside a group would be a second manager.
    const { groupRefusal } = await import('./app/run-command-line.ts')
    const inTheWay = groupRefusal(loaded.value.settings)
    if (inTheWay !== null) return fatal(inTheWay)
  }
  return runService(loaded.value, flags, pageFolder(), isSilent)
}

async function configurationProblem(flags: Parameters<typeof mistakeIn>[0]): Promise<string | null> {
  const { loadSettings } = await import('./config/load-settings.ts')
  const { problemText } = await import('./config/problem.ts')
  const loaded = loadSettings(settingsRequest(flags))
  return loaded.ok ? null : loaded.failure.problems.map(problemText).join('; ')
}

/** The built page: beside the built program, or below dist/ when the sources are run. */
function pageFolder(): string {
  const folder = import.meta.dirname
  return basename(folder) === 'src' ? join(folder, '..', 'dist', 'web') : join(folder, 'web')
}

// What is compiled once is read the next time, which halves the time to a command's first answer. A folder that cannot be written is no error.
if (basename(import.meta.dirname) !== 'src') enableCompileCache(join(import.meta.dirname, '.compile-cache'))
process.exitCode = await main(process.argv.slice(2))
