import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wordsOf } from '../../../src/engine/recovery/story.ts'
import { hookMessages } from '../../../src/model/recovery/hook-command.ts'
import { hookLists } from '../../../src/model/recovery/hook-lists.ts'
import { fillIn, recogniser } from './recognise.ts'
import { stages, stepMessages } from './step-messages.ts'
import { recogniseStep, sayStep } from './story-sentences.ts'
import { zhReasons } from './zh-reasons.ts'

const sources = new URL('../../../src/engine/recovery/', import.meta.url).pathname
const files = readdirSync(sources)
  .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map(name => readFileSync(join(sources, name), 'utf8'))
const inChinese = (text: string): string => sayStep(text, 'zh', zhReasons)
const han = /\p{Script=Han}/u

/** The literal that begins at `at`, values as `X`; a choice inside of it counts as its first part. Null: it is no literal. */
function literalAt(text: string, at: number): string | null {
  const quote = text[at]
  if (quote !== "'" && quote !== '`') return null
  let said = ''
  for (let index = at + 1; index < text.length; index++) {
    if (text[index] === quote) return said
    if (quote === '`' && text[index] === '$' && text[index + 1] === '{') {
      let depth = 1
      for (index += 2; index < text.length; index++) {
        if (text[index] === '{') depth++
        if (text[index] === '}' && --depth === 0) break
      }
      said += 'X'
    } else said += text[index]
  }
  return null
}

test('every message that the program writes into the record of a recovery has words of the page', () => {
  const unknown: string[] = []
  let seen = 0
  for (const text of files) {
    for (const found of text.matchAll(/\bnote\((?:stage|'[a-z-]+'), /g)) {
      const message = literalAt(text, (found.index ?? 0) + found[0].length)
      if (message === null) continue
      seen++
      if (recogniseStep(message) === null) unknown.push(message)
    }
  }
  assert.ok(seen > 25, `${seen} messages were found`)
  assert.deepEqual(unknown, [], 'add them to web/src/words/step-messages.ts')
})

test('every stage has a name in both languages', () => {
  const named = new Set<string>(Object.values(hookLists).map(({ stage }) => stage))
  for (const text of files) {
    for (const [, stage] of text.matchAll(/\b(?:note|planStep|#run)\('([a-z-]+)'/g)) named.add(stage ?? '')
    for (const [, stage] of text.matchAll(/\bstage = '([a-z-]+)'/g)) named.add(stage ?? '')
  }
  assert.ok(named.size > 15)
  assert.deepEqual([...named].filter(stage => stages[stage] === undefined), [], 'add them to web/src/words/step-messages.ts')
  for (const [english, chinese] of Object.values(stages)) {
    assert.notEqual(english, '')
    assert.match(chinese, han)
  }
})

test('every kind of step that the record names has words, done and failed', () => {
  const kinds = [...readFileSync(new URL('../../../src/model/planning/step.ts', import.meta.url), 'utf8').matchAll(/readonly do: '([a-z-]+)'/g)].map(match => match[1] ?? '')
  assert.ok(kinds.length > 20)
  // What a step says beyond its kind is one text more.
  const on = { on: 'db1:3306', to: 'db2:3306', way: 'gtid', like: 'db2:3306', timeoutMilliseconds: 5, alsoSuper: true }
  for (const kind of kinds) {
    const said = wordsOf({ do: kind, ...on } as unknown as Parameters<typeof wordsOf>[0])
    assert.match(inChinese(said), han, said)
    assert.match(inChinese(`undo: ${said}: db1:3306: refused`), /^撤销：\p{Script=Han}/u, said)
  }
})

test('hooks, choices and reasons are said in Chinese with their values, quoted reasons too', () => {
  assert.equal(inChinese(hookMessages.running('PreFailoverProcesses', 1, 2, 'echo a: b')), '运行 PreFailoverProcesses 第 1/2 条命令：echo a: b')
  assert.equal(inChinese(hookMessages.failed('PreFailoverProcesses', 1, 1, 12, 'exit status 1', '')), 'PreFailoverProcesses 第 1/1 条命令在 12ms 后失败（exit status 1）：')
  assert.equal(inChinese('change-source to 10.0.0.1:3306 (gtid)'), '改以 10.0.0.1:3306 为复制源（gtid）')
  const lost = inChinese('RecoverDeadMaster: - lost replica: db3:3306: db3:3306 could not be reached')
  assert.match(lost, /^失去从库 db3:3306：/)
  assert.doesNotMatch(lost, /could not/)
  assert.match(inChinese('every transaction that db1:3306 was last seen with was found'), han)
})

test('in English the page has words of its own where the record has the original’s', () => {
  assert.equal(sayStep('RecoverDeadMaster: - lost replica: db3: gone', 'en', {}), 'lost replica: db3: gone')
  assert.equal(sayStep('set super_read_only=1', 'en', {}), 'refuse writes (super_read_only)')
})

test('what was made of no known template stands as it was written', () => {
  for (const text of ['', 'something else entirely', '{server}', 'a\nb']) assert.equal(inChinese(text), text)
})

test('of several templates that fit, the one with most text of its own is taken, and values may have any characters', () => {
  const take = recogniser(['moved {a}', 'moved {a} below {b}'], text => text)
  assert.deepEqual(take('moved x below y')?.values, { a: 'x', b: 'y' })
  assert.deepEqual(take('moved $(x).*[')?.values, { a: '$(x).*[' })
  assert.equal(take('removed x'), null)
})

test('every message names the same values in both languages as in the record', () => {
  const names = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? ''))].toSorted()
  for (const { is, en, zh } of stepMessages) {
    assert.deepEqual(names(zh), names(is), is)
    if (en !== null) assert.deepEqual(names(en), names(is), is)
    assert.match(zh, han, is)
    assert.doesNotMatch(fillIn(zh, Object.fromEntries(names(zh).map(name => [name, 'x']))), /[{}]/)
  }
})
