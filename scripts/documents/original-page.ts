import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contract } from '../../src/contract/all.ts'
import { commandNamed } from '../../src/cli/commands.ts'
import { flagTable } from '../../src/cli/flags.ts'
import { processCommandNamed } from '../../src/cli/process-commands.ts'
import { keyList, keys } from '../../src/config/keys.ts'
import { legacyKeys } from '../../src/config/legacy-keys.ts'
import { golden } from '../../test/harness/recorded/recorded-topology.ts'
import { different, ofClient, scriptRecordings, withoutServers } from '../../test/harness/script/script-recordings.ts'
import { commandRecordings, commandsLeftOut } from '../../test/harness/walk/command-walks.ts'
import { byShape, kept, keptOfRecoveries, keptOfServersJustRead } from '../../test/harness/walk/kept.ts'
import { recordings } from '../../test/harness/walk/recordings.ts'
import { leftOut } from '../../test/harness/walk/walks.ts'
import { projectRoot } from './setting-slices.ts'
import { withoutEffect } from './without-effect.ts'

const fixture = (name: string): unknown => JSON.parse(readFileSync(join(projectRoot, 'test', 'fixtures', name), 'utf8'))

/** How many of a kind the original has, and which of them are lacking here. */
export interface Counted {
  readonly subject: string
  readonly all: number
  readonly lacking: readonly string[]
  /** Where each is tried. */
  readonly tried: string
}

const counted = (subject: string, all: readonly string[], isHere: (name: string) => boolean, tried: string): Counted => ({ subject, all: all.length, lacking: all.filter(name => !isHere(name)), tried })

/** Parameters have other names here. */
const bare = (route: string): string => route.replace(/^\/?(api\/)?/, '').replaceAll(/:\w+/g, ':')

/** `-name` of every flag in the recorded list of flags. */
const formerFlags = (): readonly string[] => [...golden('cli/help-flag.stderr').matchAll(/^ {2}-([\w-]+)/gm)].map(([, name = '']) => name)

// The files have these shapes.
export function ofTheOriginal(): readonly Counted[] {
  const routes = Object.keys(fixture('former-routes.json') as object)
  const declared = new Set(Object.values(contract).flatMap(({ former }) => (former?.routes ?? []).map(bare)))
  const commands = fixture('former-commands.json') as {
    readonly sections: readonly { readonly commands: readonly string[] }[]; readonly unlisted: readonly string[]; readonly synonyms: Readonly<Record<string, readonly string[]>>; readonly script: readonly string[]
  }
  const isCommand = (name: string): boolean => commandNamed(name) !== undefined || processCommandNamed(name) !== undefined
  const formerKeys = fixture('config/contract-keys.json') as readonly { readonly key: string; readonly legacy?: boolean }[]
  const known = new Set<string>(keyList.map(([key]) => key))
  return [
    // The echo of a request's headers is no operation (src/http/headers-route.ts).
    counted('Routes of the API, all spellings', routes, route => declared.has(bare(route)) || route === '/api/headers', 'each answers in its form: `test/integration/http-walk.test.ts`; who may ask it: `every-route.test.ts`'),
    counted('Recorded answers of the API', Object.keys(recordings), name => leftOut[name] === undefined, '`test/harness/walk`'),
    counted('Commands of the binary', [...new Set([...commands.sections.flatMap(section => section.commands), ...commands.unlisted])], isCommand, '`src/cli/former-commands.test.ts`'),
    counted('Second names of commands', Object.values(commands.synonyms).flat(), isCommand, '`src/cli/former-commands.test.ts`'),
    counted('Recorded commands of the binary', Object.keys(commandRecordings), name => commandsLeftOut[name] === undefined, '`test/integration/cli.test.ts`, `test/long/command-walk.test.ts`'),
    counted('Flags', formerFlags(), flag => flag in flagTable, '`test/long/command-walk.test.ts`'),
    counted('Commands of the client script', commands.script, isCommand, '`src/cli/client/run-client.test.ts`, `test/long/client.test.ts`'),
    counted('Recorded commands of the client script that need no server', [...withoutServers, ...ofClient], name => scriptRecordings[name] !== undefined && different[name] === undefined, '`test/integration/cli.test.ts`'),
    counted('Keys of the configuration', formerKeys.filter(({ legacy }) => legacy !== true).map(({ key }) => key), key => known.has(key) && !(key in withoutEffect), '`src/config/keys.test.ts`; that some part reads each: `test/architecture/setting-slices.test.ts`'),
    counted('Keys of old samples, which load with a note', formerKeys.filter(({ legacy }) => legacy === true).map(({ key }) => key), key => key in legacyKeys || key in keys, '`src/config/keys.test.ts`'),
  ]
}

const reasonOf = (name: string): string => leftOut[name] ?? commandsLeftOut[name] ?? different[name] ?? (withoutEffect as Readonly<Record<string, string>>)[name] ?? ''

/** Without the places in documents that are not published. */
const cell = (text: string): string => text.replace(/ \((?:[\w-]+\.md [\d.]+(?:, )?)+\)/, '').replaceAll('|', '\\|')
const inWords = ({ source }: RegExp): string => source.replaceAll(/\\|^\^|\$$/g, '')
const rows = (pairs: readonly (readonly [string, string])[]): string => [...Map.groupBy(pairs, ([, why]) => why)].map(([why, of]) => `| ${of.map(([what]) => `\`${cell(what)}\``).join(', ')} | ${cell(why)} |`).join('\n')

/** What of the original is here, by count, and what differs on purpose. */
export function originalPage(): string {
  const counts = ofTheOriginal()
  const lacking = counts.flatMap(({ lacking: names }) => names.map(name => [name, reasonOf(name)] as const))
  const differing = Object.entries(kept).flatMap(([name, places]) => places.map(({ at, why }) => [`${name.replace(/\.\w+$/, '')} ${at}`, why] as const))
  return `# What of the original is here

Counted from the tables that the tests use, by \`npm run docs:generate\`; a test fails while a number is stale. Recorded: on the original itself, asked or run here again and compared: status, type, names of members, their order, types and values.

| Of the original | Here | Tried in |
|---|---|---|
${counts.map(({ subject, all, lacking: { length }, tried }) => `| ${subject} | ${all - length} of ${all} | ${tried} |`).join('\n')}

## Not compared, or without effect

| What | Why, and what stands instead |
|---|---|
${rows(lacking)}

## Answers that differ on purpose

By recording and place in the answer; a difference that is not listed fails the walk, and so does a listed one that is gone.

| Where | Why |
|---|---|
${rows(differing)}
${[...keptOfServersJustRead, ...keptOfRecoveries].map(({ difference, why }) => `| any: \`${cell(inWords(difference))}\` | ${cell(why)} |`).join('\n')}

## Answers of which names, order and types are compared, not values

| Answer | Why |
|---|---|
${rows(Object.entries(byShape))}
`
}
