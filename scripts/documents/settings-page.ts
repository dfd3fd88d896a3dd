import { keyList } from '../../src/config/keys.ts'
import type { KeyFacts } from '../../src/config/key.ts'
import { legacyKeys } from '../../src/config/legacy-keys.ts'
import { ownKeys } from '../../src/config/own-keys.ts'
import { declaredSettings } from './setting-slices.ts'

const head = `# Settings

Made by \`npm run docs:generate\` from \`src/config\`; do not edit.

The file is JSON in which comments (\`#\`, \`//\`, \`/* */\`) and a comma before a closing bracket are allowed. \`-config FILE\` names it; otherwise
\`/etc/orchestrator.conf.json\`, \`conf/orchestrator.conf.json\` and \`orchestrator.conf.json\` are read in this order, each overriding the one before.
Keys match in any letter case. An unknown key is a warning; a value of the wrong type or out of range is an error, and nothing starts.

**Has effect** says whether this version reads the setting: *yes*; *not yet* (known and checked, and without effect so far); *no* (nothing ever read it).
`

/** The page of all settings, by group, in the order of the table. */
export async function settingsPage(): Promise<string> {
  const read = new Set((await declaredSettings()).map(({ key }) => key))
  const groups = Map.groupBy(keyList, ([, { group }]) => group)
  const sections = [...groups].map(([group, entries]) => {
    const name = (key: string): string => `\`${key}\`${key in ownKeys ? ' (new)' : ''}`
    const rows = entries.map(([key, facts]) => `| ${name(key)} | ${valueText(facts)} | ${cell(meaning(facts))} | ${effect(key, facts, read)} |`)
    return `## ${group}\n\n| Key | Default | Meaning | Has effect |\n|---|---|---|---|\n${rows.join('\n')}\n`
  })
  const legacy = Object.entries(legacyKeys).map(([key, says]) => `| \`${key}\` | ${cell(says)} |`)
  const tail = `## Keys of old samples\n\nKnown, noted in the log, and without effect.\n\n| Key | What became of it |\n|---|---|\n${legacy.join('\n')}\n`
  return [head, ...sections, tail].join('\n')
}

function effect(key: string, { synonymOf, unused }: KeyFacts, read: ReadonlySet<string>): string {
  if (unused === true) return 'no'
  const isRead = read.has(synonymOf ?? key) || (key.endsWith('CredentialsConfigFile') && read.has(key.replace('CredentialsConfigFile', 'Password')))
  return isRead ? 'yes' : 'not yet'
}

function meaning({ says, type, atLeast, atMost, known, rule, synonymOf, secret }: KeyFacts): string {
  const range = atLeast !== undefined && atMost !== undefined ? `From ${atLeast} to ${atMost}.` : atLeast !== undefined ? `At least ${atLeast}.` : ''
  return [
    says,
    type === 'unsigned' && atLeast === undefined ? '' : range,
    known === undefined ? '' : `Known words: ${known.map(word => `\`${word === '' ? '""' : word}\``).join(', ')}.`,
    rule ?? '',
    synonymOf === undefined ? '' : `Older name of \`${synonymOf}\`.`,
    secret === true ? 'Secret: masked wherever settings are shown.' : '',
  ].filter(part => part !== '').join(' ')
}

const valueText = (facts: KeyFacts): string => `\`${JSON.stringify(facts.default)}\``
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
