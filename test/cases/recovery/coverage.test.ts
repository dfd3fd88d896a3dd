import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { failures, groupFailures } from '../../../src/model/analysis/failures.ts'
import type { Outlook } from '../../../src/model/analysis/finding.ts'
import { analysisReasonTexts } from '../../../src/model/analysis/reasons.ts'
import { structureWarnings } from '../../../src/model/analysis/warnings.ts'
import { recoveryReasonTexts } from '../../../src/model/recovery/reasons.ts'
import { remedies } from '../../../src/model/recovery/remedies.ts'

/** What the program printed in the cases of a folder. */
function answersIn(folder: string): readonly string[] {
  const url = new URL(`../${folder}/`, import.meta.url)
  const texts = readdirSync(url, { encoding: 'utf8' }).filter(name => name.endsWith('.case')).map(name => readFileSync(new URL(name, url), 'utf8'))
  return texts.flatMap(text => text.split('\n')).filter(line => line.startsWith('  '))
}

const analysis = answersIn('analysis')
const recovery = answersIn('recovery')
const missing = (codes: readonly string[], lines: readonly string[], pattern: (code: string) => RegExp): readonly string[] =>
  codes.filter(code => !lines.some(line => pattern(code).test(line)))

test('every failure code has a case', () => {
  const codes = [...new Set([...failures, ...groupFailures].map(failure => failure.code))]
  assert.deepEqual(missing(codes, analysis, code => new RegExp(`^  \\S+:\\d+  ${code}(  |$)`)), [])
})

test('every structure warning has a case', () => {
  assert.deepEqual(missing(structureWarnings.map(warning => warning.code), analysis, code => new RegExp(`^    warning ${code}$`)), [])
})

test('every sentence of witnesses and every observation has a case', () => {
  /** Need facts that the notation has no word for; see src/model/analysis/analyse.test.ts. */
  const unitTested = new Set(['probe-failed-partly', 'probe-overdue', 'probe-never-answered', 'replica-linked', 'replica-connecting', 'replica-refused', 'replica-applier-stopped'])
  const codes = Object.keys(analysisReasonTexts).filter(code => !unitTested.has(code))
  assert.deepEqual(missing(codes, analysis, code => new RegExp(` ${code}: `)), [])
})

test('every remedy is carried out in a case', () => {
  assert.deepEqual(missing(Object.keys(remedies), recovery, remedy => new RegExp(`^  proceed with ${remedy}[:,]`)), [])
})

test('every reason to act or not has a case', () => {
  /** Need what the notation has no word for: receivers that were restarted, and what is found in the middle of a recovery (src/model/recovery/recovery.test.ts, test/integration). */
  const triedElsewhere = new Set(['lets-nobody-in', 'answers-again', 'let-in'])
  assert.deepEqual(missing(Object.keys(recoveryReasonTexts).filter(code => !triedElsewhere.has(code)), recovery, code => new RegExp(` ${code}: `)), [])
})

test('every outlook has a case', () => {
  const states: Record<Outlook['state'], true> = {
    'none-needed': true, recovering: true, due: true, 'waiting-for-evidence': true, blocked: true, 'not-covered': true, off: true, downtimed: true, 'no-remedy': true,
  }
  assert.deepEqual(missing(Object.keys(states), recovery, state => new RegExp(`^  outlook ${state}( |:|$)`)), [])
})
