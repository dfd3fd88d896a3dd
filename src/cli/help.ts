import { commandSections, takesFingerprint } from '../contract/operation.ts'
import { contract, typedNames } from '../contract/all.ts'
import { flagsOfInputs } from '../engine/operations/command-line.ts'
import { commandNamed, commands } from './commands.ts'
import { placeInHelp } from './help-order.ts'
import { isOfThisMachine, processCommandNamed, processCommands } from './process-commands.ts'

const nameWidth = 40

/** `Available commands (-c):`, then every section with its commands (contract cli.md 2). */
export function commandList(program: 'orchestrator' | 'orchestrator-client' = 'orchestrator'): string {
  const sections = commandSections.flatMap(section => {
    const ours = processCommands.filter(({ name }) => program === 'orchestrator' || !isOfThisMachine(name)).map(({ name, ...facts }) => ({ ...facts, shown: [name] }))
    const listed = [...commands.map(({ names, operation, ...facts }) => ({ ...facts, shown: shownNames(names, operation) })), ...ours]
      .filter(command => command.section === section).toSorted((left, right) => placeInHelp(left.shown[0] ?? '') - placeInHelp(right.shown[0] ?? ''))
    return listed.length === 0 ? [] : [`${section}:`, ...listed.flatMap(({ shown, says }) => shown.map(name => `\t${name.padEnd(nameWidth)}${says}`))]
  })
  return ['Available commands (-c):', ...sections, `Run \`${program} help COMMAND\` for more on one of them.`, ...(program === 'orchestrator' ? [usage()] : [])].join('\n')
}

/** Old spellings run, and are not listed; a second name of its own is. */
const shownNames = (names: readonly string[], operation: string): readonly string[] => (operation === 'relocate' ? names : names.slice(0, 1))

/** Syntax and a short cheat sheet. */
export function usage(): string {
  return [
    'Usage: orchestrator [flags] -c COMMAND [flags] | orchestrator [flags] http | orchestrator help [COMMAND]',
    '',
    '  orchestrator http                                     serve the web page and the API, poll and recover',
    '  orchestrator -c discover -i db1.example.com:3306      find a topology from one of its servers',
    '  orchestrator -c topology -i db1.example.com           print the cluster of a server',
    '  orchestrator -c relocate -i db4:3306 -d db2:3306      make db4 a replica of db2',
    '      --dry-run                                         show what would be done, with a fingerprint',
    '      --fingerprint F                                   do exactly what was shown, or nothing',
    '  orchestrator what-if [-i db1:3306 | -alias CLUSTER]    what would be done if it died now, and what would be lost',
    '  orchestrator drill --cluster CLUSTER [--api URL]      rehearse that, and a takeover, on a copy: servers of its own in the same shape',
    '  orchestrator doctor [-i db1:3306 | -alias CLUSTER | -all]    what is set wrong there, or in the configuration, and how it is mended',
    '  orchestrator -c help                                  list all commands',
    '',
    'With -api (for example http://localhost:3000), or with ORCHESTRATOR_API set, commands run in that service.',
  ].join('\n')
}

/** Help on one command; '' for one that does not exist. */
export function topicHelp(topic: string, program = 'orchestrator'): string {
  const own = processCommandNamed(topic)
  if (own !== undefined) return [`${own.says}.`, own.more, '', 'Example:', `  ${own.example.replace(/^orchestrator /, `${program} `)}`].join('\n')
  const command = commandNamed(topic)
  if (command === undefined) return ''
  const declared = contract[command.operation]
  const inputs = Object.entries(declared.input).flatMap(([name, field]) => {
    const flag = flagsOfInputs[name]
    return flag === undefined ? [] : [`  -${flag.padEnd(10)} ${field.says}${field.required ? '' : ' (optional)'}`]
  })
  const routes = declared.former.routes.map(route => `  GET /api/${route}`)
  return [
    `${command.says}.`, declared.says,
    ...(inputs.length === 0 ? [] : ['', 'Flags:', ...inputs]),
    ...(declared.access === 'read' ? []
      : takesFingerprint(declared) ? ['', 'With --dry-run it shows its plan and does nothing; with --fingerprint F it runs only that plan.']
        : ['', 'With --dry-run it says what it would do and does nothing.']),
    ...(command.names.length < 2 ? [] : ['', `Also known as: ${command.names.filter(name => name !== topic).join(', ')}`]),
    ...(routes.length === 0 ? [] : ['', 'The same over HTTP:', ...routes]),
    '', 'Example:', `  ${program} -c ${topic}${exampleFlags(Object.keys(declared.input))}`,
  ].join('\n')
}

const examples: Readonly<Record<string, string>> = { i: 'db2.example.com:3306', d: 'db1.example.com:3306', alias: 'mycluster', reason: '"upgrade"', pattern: 'db', duration: '2h', binlog: 'binlog.000012', statement: '"set global foo=1"' }

function exampleFlags(inputs: readonly string[]): string {
  return inputs.map(name => flagsOfInputs[name]).flatMap(flag => (flag !== undefined && examples[flag] !== undefined ? [` -${flag} ${examples[flag]}`] : [])).join('')
}

/** Names of commands that the contract declares; the table of commands must have exactly these. */
export const declaredCommands = (): readonly string[] => typedNames().flatMap(name => contract[name].former.commands)
