import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { stages } from '../../web/src/words/step-messages.ts'
import { recogniseStep, sayStep } from '../../web/src/words/story-sentences.ts'
import { zhReasons } from '../../web/src/words/zh-reasons.ts'
import { Simulation } from '../simulation/simulation.ts'
import { projectRoot, sourcesBelow } from './sources.ts'

const han = /\p{Script=Han}/u
const inChinese = (text: string): string => sayStep(text, 'zh', zhReasons)

/** Folders whose tables of reasons end in the record of a recovery; and tables there that are told only where a plan is shown before it runs. */
const recorded = ['src/model/planning/', 'src/model/recovery/', 'src/model/pseudo-gtid/', 'src/engine/execution/', 'src/engine/recovery/']
const onlyShown = new Set(['src/model/planning/single.ts'])

test('the page knows every table of reasons that the record of a recovery can be made of', async () => {
  const unknown: string[] = []
  let seen = 0
  for (const { path, text } of sourcesBelow('src')) {
    if (path.endsWith('.test.ts') || onlyShown.has(path) || !recorded.some(folder => path.startsWith(folder)) || !text.includes('= reasonsOf(')) continue
    const tables = Object.values((await import(pathToFileURL(join(projectRoot, path)).href)) as object)
    for (const table of tables) {
      if (typeof table !== 'function' || !('texts' in table)) continue
      for (const [code, says] of Object.entries(table.texts as Readonly<Record<string, string>>)) {
        seen++
        // What is made of values alone cannot be told from any other text; it is what was met, in the words of whoever was met.
        if (says.replace(/\{\w+\}/g, '').replace(/\W/g, '').length < 3) continue
        if (recogniseStep(says.replace(/\{\w+\}/g, 'X')) === null) unknown.push(`${path}: ${code}: ${says}`)
      }
    }
  }
  assert.ok(seen > 250, `${seen} reasons were found`)
  assert.deepEqual(unknown, [], 'add the table to web/src/words/record-tables.ts')
})

test('what this program says of a server that did not do what it was asked has Chinese words', () => {
  const unknown: string[] = []
  let seen = 0
  for (const { path, text } of sourcesBelow('src/adapters/mysql')) {
    if (path.endsWith('.test.ts')) continue
    for (const [, single, template] of text.matchAll(/\b(?:number: null, text: |timedOut\((?:isConnected \? )?|\blost\()(?:'([^']+)'|`([^`]+)`)/g)) {
      seen++
      const said = single ?? (template ?? '').replace(/\$\{[^}]*\}/g, 'X')
      // A value that is chosen of several texts is one whatever it is.
      if (/[`'{}?]/.test(said.replaceAll("'SHOW SLAVE STATUS'", '').replace(/r's /g, ''))) continue
      if (!han.test(inChinese(said))) unknown.push(`${path}: ${said}`)
    }
  }
  assert.ok(seen > 25, `${seen} texts were found`)
  assert.deepEqual(unknown, [], 'add them to web/src/words/step-messages.ts')
})

test('every sentence that is written where recoveries are carried out, and is not for the log or the audit alone, has words of the page', () => {
  const unknown: string[] = []
  let seen = 0
  for (const { path, text } of sourcesBelow('src/engine/recovery')) {
    if (path.endsWith('.test.ts')) continue
    for (const line of text.split('\n')) {
      if (!/\bnote\(|nothingDone\(|#tell\(|const (?:message|text) = |^\s+[?:] ['`]|errors\.push\(/.test(line) || /\b(?:log|audit|throw)\b/.test(line.replace(/, (?:log|audit)\b.*/, ''))) continue
      for (const said of literalsOf(line).filter(each => /[a-z]+ /.test(each))) {
        seen++
        // A value at the end may be the rest of the sentence, or nothing.
        if (![said.trim(), said.trim().replace(/X+$/, '')].some(each => han.test(inChinese(each)))) unknown.push(`${path}: ${said}`)
      }
    }
  }
  assert.ok(seen > 40, `${seen} sentences were found`)
  assert.deepEqual(unknown, [], 'add them to web/src/words/step-messages.ts')
})

/** The literals of a line, one in another one counted by itself; values as `X`. */
function literalsOf(line: string): readonly string[] {
  const found: string[] = []
  let rest = line
  for (;;) {
    const inner = /'((?:[^'\\]|\\.)*)'|`((?:[^`$\\]|\\.|\$(?!\{)|\$\{[^`{}]*\})*)`/.exec(rest)
    if (inner === null) return found
    found.push((inner[1] ?? inner[2] ?? '').replace(/\$\{[^}]*\}/g, 'X'))
    rest = rest.slice(0, inner.index) + 'X' + rest.slice(inner.index + inner[0].length)
  }
}

test('records of simulated recoveries are Chinese to the last sentence, and their stages too', async () => {
  const [foreign, said] = [new Set<string>(), new Set<string>()]
  for (let seed = 1; seed <= 16; seed++) {
    const simulation = new Simulation({ seed })
    await simulation.run()
    for (const { stage } of simulation.memory.steps) if (stages[stage] === undefined) foreign.add(`stage ${stage}`)
    for (const text of [...simulation.memory.steps.map(({ message }) => message), ...simulation.memory.recoveries.flatMap(({ errors }) => errors)]) {
      said.add(text)
      const chinese = inChinese(text)
      // Names, codes and MySQL words stay; three English words in a row are a sentence that nobody has worded.
      if (!han.test(chinese) || /[a-z]+ [a-z]+ [a-z]+/.test(chinese)) foreign.add(`${text} → ${chinese}`)
    }
  }
  assert.ok(said.size > 50, `${said.size} sentences were read`)
  assert.deepEqual([...foreign], [], 'add them to web/src/words/step-messages.ts')
})
