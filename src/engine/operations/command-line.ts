import type { AnyOperation } from '../../contract/operation.ts'

/** Which flag of the command line gives an input (contract cli.md 1.1). */
export const flagsOfInputs: Readonly<Record<string, string>> = {
  instance: 'i', destination: 'd', designated: 'd', candidate: 'd', cluster: 'alias', owner: 'owner', reason: 'reason', comment: 'reason', duration: 'duration',
  tag: 'tag', pool: 'pool', instances: 'i', promotionRule: 'promotion-rule', virtualname: 'hostname', addr: 'hostname', node: 'hostname', hint: 'hostname',
  pattern: 'pattern', text: 'pattern', logFile: 'binlog', position: 'binlog', statement: 'statement', relayLogsOnly: 'skip-binlog-search',
  host: 'hostname', command: 'pattern', seconds: 'seconds',
}

/** The command line that runs exactly this plan; '' for an operation that has no command. */
export function commandLine(declared: AnyOperation, input: Readonly<Record<string, unknown>>, fingerprint: string): string {
  const [command] = declared.former.commands
  if (command === undefined) return ''
  const flags = Object.keys(declared.input).flatMap(name => {
    const flag = flagsOfInputs[name]
    if (flag === undefined || input[name] === undefined || input[name] === false) return []
    if (input[name] === true) return [`-${flag}`]
    // It is read in seconds, and flags say the unit.
    const unit = declared.input[name]?.kind === 'duration' ? 's' : ''
    return [`-${flag} ${quoted(String(input[name]))}${unit}`]
  })
  return ['orchestrator', `-c ${command}`, ...flags, `--fingerprint ${fingerprint}`].join(' ')
}

/** For a POSIX shell. */
const quoted = (text: string): string => (/^[\w.:/@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
