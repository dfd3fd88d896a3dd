import { type CommandFacts, commandSectionsWithFacts } from './command-facts.ts'

/** Every command with its flags, as a page. */
export function commandsPage(): string {
  const sections = commandSectionsWithFacts().flatMap(({ section, commands }) => [`## ${section === '' ? 'Others' : section}`, '', ...commands.flatMap(entry)])
  return [
    '# Commands',
    '',
    'Made from `src/cli` and `src/contract` by `npm run docs:generate`. `orchestrator -c COMMAND` runs one against the store, or in the service that `-api` or `ORCHESTRATOR_API` names;',
    '`orchestrator help COMMAND` says the same as here. Flags take one dash or two. Every command that changes something takes `-dry-run`.',
    '',
    ...sections,
  ].join('\n')
}

function entry({ name, alsoKnownAs, says, flags, dryRun }: CommandFacts): readonly string[] {
  return [
    `### ${name}`, '',
    `${says}${alsoKnownAs.length === 0 ? '' : ` Also: ${alsoKnownAs.map(each => `\`${each}\``).join(', ')}.`}`, '',
    ...(flags.length === 0 ? [] : ['| Flag | Meaning |', '|---|---|', ...flags.map(({ flag, says: meaning, isRequired }) => `| \`-${flag}\`${isRequired ? '' : ' (optional)'} | ${meaning.replaceAll('|', '\\|')} |`), '']),
    ...(dryRun === 'plan' ? ['`-dry-run` shows its plan, `-fingerprint` runs only that.', ''] : []),
  ]
}
