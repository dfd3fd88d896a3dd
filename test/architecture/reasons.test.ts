import assert from 'node:assert/strict'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { before, test } from 'node:test'
import { enReasons } from '../../web/src/words/en-reasons.ts'
import { type ReasonWords, wordsFor } from '../../web/src/words/reason-words.ts'
import { zhReasons } from '../../web/src/words/zh-reasons.ts'
import { projectRoot, sourcesBelow } from './sources.ts'

interface Worded {
  readonly file: string
  readonly code: string
  readonly text: string
}

const kit = 'src/kit/reason-table.ts'
let worded: readonly Worded[] = []

/** Names in braces. */
const names = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? '')
/** A text that is nothing but what was met: there is nothing to word in another language. */
const isHandedOn = (text: string): boolean => /^\{\w+\}$/.test(text)

/** The tables of a module: what `reasonsOf` made carries its texts. */
const tablesOf = (module: object): readonly Readonly<Record<string, string>>[] =>
  Object.values(module).flatMap((value: unknown) => (typeof value === 'function' && 'texts' in value && typeof value.texts === 'object' && value.texts !== null ? [value.texts as Readonly<Record<string, string>>] : []))

before(async () => {
  const found: Worded[] = []
  for (const { path, text, imports } of sourcesBelow('src')) {
    if (path.endsWith('.test.ts') || !imports.some(({ target, typeOnly }) => target === kit && !typeOnly)) continue
    const made = [...text.matchAll(/= reasonsOf\(/g)].length
    const tables = tablesOf((await import(pathToFileURL(join(projectRoot, path)).href)) as object)
    assert.equal(tables.length, made, `${path} exports each of its tables of reasons, so that they can be worded`)
    for (const table of tables) for (const [code, words] of Object.entries(table)) found.push({ file: path, code, text: words })
  }
  worded = found
})

test('every reason of every table has Chinese words', () => {
  assert.ok(worded.length > 250, `${worded.length} reasons were found`)
  const missing = worded.filter(({ code, text }) => {
    if (isHandedOn(text)) return false
    return wordsFor(zhReasons, code, Object.fromEntries(names(text).map(name => [name, 'x']))) === null
  })
  assert.deepEqual(missing.map(({ file, code, text }) => `${file}: ${code}: ${text}`), [])
})

test('no words of a page use a value that no reason of that code sends', () => {
  const sent = new Map<string, string[][]>()
  for (const { code, text } of worded) sent.set(code, [...(sent.get(code) ?? []), [...names(text)]])
  const useless = (table: ReasonWords): readonly string[] => Object.entries(table).flatMap(([code, words]) => {
    const tables = sent.get(code)
    if (tables === undefined) return []
    return [words].flat().filter(each => !tables.some(values => names(each.replaceAll('{{', '{').replaceAll('}}', '}')).every(name => values.includes(name)))).map(each => `${code}: ${each}`)
  })
  assert.deepEqual(useless(zhReasons), [])
  assert.deepEqual(useless(enReasons), [])
})

test('Chinese words are Chinese', () => {
  const foreign = Object.entries(zhReasons).flatMap(([code, words]) => [words].flat().filter(each => !/\p{Script=Han}/u.test(each)).map(each => `${code}: ${each}`))
  assert.deepEqual(foreign, [])
})
