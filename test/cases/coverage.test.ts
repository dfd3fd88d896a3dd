import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { refusals } from '../../src/model/planning/refusals.ts'
import type { Step, StepKind } from '../../src/model/planning/step.ts'

const folder = new URL('.', import.meta.url)
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.case')).map(name => readFileSync(new URL(name, folder), 'utf8'))
/** The lines that the program printed: all that is indented below a divider. */
const answers = texts.flatMap(text => text.split('\n')).filter(line => line.startsWith('  '))

/** A new step kind is written here, and says whether relocations use it. */
const usedByRelocate: Readonly<Record<StepKind, boolean>> = {
  'stop-receiver': true, 'start-receiver': true, 'stop-replication': true, 'start-replication': true, 'start-applier': true, 'read-executed': true,
  'wait-executed': true, 'change-source': true, 'copy-replication-credentials': false, 'forget-source': false, 'set-read-only': false, 'set-writable': false,
  'stop-applier': false, 'wait-position': false, 'inject-empty': false, 'skip-next-event': false, 'forget-gtids': false, 'set-delay': false, 'set-semi-sync': false,
  'flush-binary-logs': false, 'purge-binary-logs': false, 'kill-query': false,
}
const changeWays: Readonly<Record<Extract<Step, { do: 'change-source' }>['way'], true>> = { 'receiver-only': true, 'auto-position': true, 'slave-pos': true, 'current-pos': true, 'read-position': true, 'executed-position': true }

test('every refusal has a case', () => {
  const missing = Object.keys(refusals).filter(code => !answers.some(line => new RegExp(`(refused|  ) ?${code}: `).test(line)))
  assert.deepEqual(missing, [])
})

test('every kind of step that a relocation uses has a case', () => {
  const kinds = Object.entries(usedByRelocate).flatMap(([kind, used]) => (used ? [kind] : []))
  assert.deepEqual(kinds.filter(kind => !answers.some(line => new RegExp(`^ +\\d+(?: \\(wave \\d+\\))? +${kind} `).test(line))), [])
})

test('every way to change a source has a case', () => {
  assert.deepEqual(Object.keys(changeWays).filter(way => !answers.some(line => new RegExp(` change-source +.*→.* ${way}$`).test(line))), [])
})
