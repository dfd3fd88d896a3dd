import { commands } from '../../src/cli/commands.ts'
import { placeInHelp } from '../../src/cli/help-order.ts'
import { processCommands } from '../../src/cli/process-commands.ts'
import { contract } from '../../src/contract/all.ts'
import { type CommandSection, commandSections, takesFingerprint } from '../../src/contract/operation.ts'
import { flagsOfInputs } from '../../src/engine/operations/command-line.ts'

export interface CommandFacts {
  readonly name: string
  readonly alsoKnownAs: readonly string[]
  readonly says: string
  readonly flags: readonly { readonly flag: string; readonly says: string; readonly isRequired: boolean }[]
  readonly dryRun: 'plan' | 'sentence' | null
}

/** Every command, section by section, as `help` lists them. */
export function commandSectionsWithFacts(): readonly { readonly section: CommandSection; readonly commands: readonly CommandFacts[] }[] {
  const facts = [
    ...commands.map(({ names: [name, ...alsoKnownAs], section, operation }) => {
      const declared = contract[operation]
      const flags = Object.entries(declared.input).flatMap(([input, field]) => {
        const flag = flagsOfInputs[input]
        return flag === undefined ? [] : [{ flag, says: field.says, isRequired: field.required }]
      })
      return { section, name, alsoKnownAs, says: declared.says, flags, dryRun: declared.access === 'read' ? null : takesFingerprint(declared) ? 'plan' as const : 'sentence' as const }
    }),
    ...processCommands.map(({ section, name, says, more }) => ({ section, name, alsoKnownAs: [], says: `${says}. ${more}`, flags: [], dryRun: null })),
  ]
  return commandSections.map(section => ({
    section, commands: facts.filter(each => each.section === section).toSorted((left, right) => placeInHelp(left.name) - placeInHelp(right.name)),
  })).filter(each => each.commands.length > 0)
}
