import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { refusals } from '../../src/model/planning/refusals.ts'
import type { Step, StepKind } from '../../src/model/planning/step.ts'

const folder = new URL('.', import.meta.url)
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.case')).map(name => readFileSync(new URL(name, folder), 'utf8'))
/** The lines that the program printed: all that is indented below a divider. */
const answers = texts.flatMap(text => text.split('\n')).filter(line => line.startsWith('  '))

/** A new step kind is written here, and says whether plans of people use it. */
const usedByPeople: Readonly<Record<StepKind, boolean>> = {
  'stop-receiver': true, 'start-receiver': true, 'stop-replication': true, 'start-replication': true, 'start-applier': true, 'read-executed': true,
  'wait-executed': true, 'change-source': true, 'copy-replication-credentials': true, 'forget-source': true, 'set-read-only': false, 'set-writable': false,
  'stop-applier': true, 'wait-position': true, 'read-coordinates': true, 'match-position': true, 'wait-received': false, 'start-until': true, 'inject-empty': true, 'skip-next-event': true, 'forget-gtids': true, 'set-delay': true, 'set-semi-sync': true,
  'clone-from': true, 'wait-restart': true, 'commit-nothing': false, 'end-blocked-commits': false, 'apply-relay-log': false,
  'flush-binary-logs': true, 'purge-binary-logs': true, 'kill-query': true,
}
const changeWays: Readonly<Record<Extract<Step, { do: 'change-source' }>['way'], true>> = { 'receiver-only': true, 'auto-position': true, 'slave-pos': true, 'current-pos': true, 'read-position': true, 'executed-position': true, 'coordinates': true }

test('every refusal has a case', () => {
  const missing = Object.keys(refusals).filter(code => !answers.some(line => new RegExp(`(refused|  ) ?${code}: `).test(line)))
  assert.deepEqual(missing, [])
})

test('every kind of step that plans of people use has a case', () => {
  const kinds = Object.entries(usedByPeople).flatMap(([kind, used]) => (used ? [kind] : []))
  assert.deepEqual(kinds.filter(kind => !answers.some(line => new RegExp(`^ +\\d+(?: \\(wave \\d+\\))? +${kind} `).test(line))), [])
})

test('every way to change a source has a case', () => {
  assert.deepEqual(Object.keys(changeWays).filter(way => !answers.some(line => new RegExp(` change-source +.*→.* ${way}(?: at .*)?$`).test(line))), [])
})
