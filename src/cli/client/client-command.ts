import { contract } from '../../contract/all.ts'
import type { AnyOperation } from '../../contract/operation.ts'
import { flagsOfInputs } from '../../engine/operations/command-line.ts'
import { type Command, commandNamed } from '../commands.ts'
import type { Flags } from '../flags.ts'
import { clientPrints } from './prints.ts'

/** Refusals that end a command well here too; all others are told, as the script tells them. */
const stillQuiet: ReadonlySet<string> = new Set(['cannot-replicate'])

/** The command as the client runs it: the service's own words, and exit status 1 for each refusal. */
export function clientCommandNamed(name: string): Command | undefined {
  const command = commandNamed(name)
  if (command === undefined) return undefined
  const { words: _words, withoutCluster: _withoutCluster, needs: _needs, quiet, ...others } = command
  const print = clientPrints[command.names[0]]
  return {
    ...others, isOfNamedCluster: true, ...(print === undefined ? {} : { print }),
    ...(quiet === undefined ? {} : { quiet: quiet.intersection(stillQuiet) }),
  }
}

/** What must be given although the operation can do without it. */
const alsoNeeded: Readonly<Record<string, readonly (keyof Flags)[]>> = {
  'ack-cluster-recoveries': ['alias'], 'ack-instance-recoveries': ['i'], 'tagged': ['tag'], 'tag': ['tag'], 'tag-value': ['tag'], 'untag': ['tag'], 'untag-all': ['tag'],
  'submit-pool-instances': ['pool'],
}

const called: Readonly<Record<string, string>> = { i: 'instance', d: 'destination', alias: 'instance or alias', 'promotion-rule': 'promotion rule', statement: 'query' }

/** What the command needs and was not given, in the script's word for it; null when it has all. */
export function missingIn(command: Command, name: string, flags: Flags): string | null {
  const declared: AnyOperation = contract[command.operation]
  const demanded = Object.entries(declared.input).flatMap(([input, field]) => (field.required && flagsOfInputs[input] !== undefined ? [flagsOfInputs[input]] : []))
  const byNeeds = Object.keys(commandNamed(name)?.needs ?? {})
  const wanted = new Set([...demanded, ...byNeeds, ...(alsoNeeded[command.names[0]] ?? [])])
  for (const flag of wanted) {
    // Flags by their names, from tables that know no others.
    const value = flag === 'alias' ? flags.alias || flags.i : flag === 'd' ? flags.d || flags.s : flags[flag as keyof Flags]
    if (value === '') return `${called[flag] ?? flag} must be provided`
  }
  return null
}
