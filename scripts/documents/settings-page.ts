import { keyList } from '../../src/config/keys.ts'
import type { KeyFacts } from '../../src/config/key.ts'
import { legacyKeys } from '../../src/config/legacy-keys.ts'
import { ownKeys } from '../../src/config/own-keys.ts'
import { restartKeys } from '../../src/config/restart-keys.ts'
import { type DeclaredSetting, declaredSettings } from './setting-slices.ts'

const head = `# Settings

Made by \`npm run docs:generate\` from \`src/config\`; do not edit.

The file is JSON in which comments (\`#\`, \`//\`, \`/* */\`) and a comma before a closing bracket are allowed. \`-config FILE\` names it; otherwise
\`/etc/orchestrator.conf.json\`, \`conf/orchestrator.conf.json\` and \`orchestrator.conf.json\` are read in this order, each overriding the one before.
Keys match in any letter case. An unknown key is a warning; a value of the wrong type or out of range is an error, and nothing starts.

**Read by** names the parts of \`src\` that read the setting; *nothing yet* stands where it is known and checked, and without effect so far.

A running program reads its files again on SIGHUP, or when \`/api/reload-configuration\` is asked for (with \`?config=PATH\` one more file after them). **A change holds**
says when what it finds there counts: *at once* (at the next use), or *after a restart*. A file with something wrong in it changes nothing: what is wrong is answered and
logged, with file, line and column. What changed is logged and audited, secrets masked. A key that no file gives any more keeps the value it has.
`

/** The page of all settings, by group, in the order of the table. */
export async function settingsPage(): Promise<string> {
  const read = Map.groupBy(await declaredSettings(), ({ key }) => key)
  const groups = Map.groupBy(keyList, ([, { group }]) => group)
  const sections = [...groups].map(([group, entries]) => {
    const name = (key: string): string => `\`${key}\`${key in ownKeys ? ' (new)' : ''}`
    const rows = entries.map(([key, facts]) => `| ${name(key)} | ${valueText(facts)} | ${cell(meaning(facts))} | ${readers(key, facts, read)} | ${restartKeys.has(key) ? 'after a restart' : 'at once'} |`)
    return `## ${group}\n\n| Key | Default | Meaning | Read by | A change holds |\n|---|---|---|---|---|\n${rows.join('\n')}\n`
  })
  const legacy = Object.entries(legacyKeys).map(([key, says]) => `| \`${key}\` | ${cell(says)} |`)
  const tail = `## Keys of old samples\n\nKnown, noted in the log, and without effect.\n\n| Key | What became of it |\n|---|---|\n${legacy.join('\n')}\n`
  return [head, ...sections, tail].join('\n')
}

/** The parts that read it; none: nothing does. */
export function readersOf(key: string, { synonymOf }: KeyFacts, read: ReadonlyMap<string, readonly DeclaredSetting[]>): readonly string[] {
  const found = read.get(synonymOf ?? key) ?? (key.endsWith('CredentialsConfigFile') ? read.get(key.replace('CredentialsConfigFile', 'Password')) : undefined) ?? []
  const parts = found.map(({ file }) => file.replace(/^src\//, '').replace(/\/settings\.ts$/, ''))
  return [...new Set(madeWhileLoading.has(key) ? ['config', ...parts] : parts)].toSorted()
}

/** Their effect is another setting's value. */
const madeWhileLoading: ReadonlySet<string> = new Set(['DatabaselessMode__experimental', 'RecoveryPeriodBlockMinutes'])

function readers(key: string, facts: KeyFacts, read: ReadonlyMap<string, readonly DeclaredSetting[]>): string {
  const found = readersOf(key, facts, read)
  return found.length === 0 ? 'nothing yet' : found.map(part => `\`${part}\``).join(', ')
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
