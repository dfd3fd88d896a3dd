import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../model/analysis/finding.ts'
import type { Confirmation } from '../../model/recovery/confirmation.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { Agreement, readSeenQuestion, seesThe, type SeenQuestion } from './agreement.ts'

const found = (code: string, remedy: string, lastCheckValid: boolean): Finding =>
  ({ key: 'db1:3306' as InstanceKey, code, remedy, facts: { lastCheckValid } }) as Finding // of a finding only these are looked at
const dead = found('DeadMaster', 'promote-replica', false)
const sure: Confirmation = { confirmed: true, because: { code: 'refused-by-all', parameters: {}, text: '' } }

function made(voters: readonly string[], answers: Readonly<Record<string, boolean | null>>): { readonly agreement: Agreement; readonly asked: SeenQuestion[]; pass(milliseconds: number): void } {
  let now = 0
  const asked: SeenQuestion[] = []
  const agreement = new Agreement({
    clock: { monotonic: () => now }, self: 'm1', voters: () => voters,
    ask: async (name, question) => {
      asked.push(question)
      return answers[name] ?? null
    },
  })
  return { agreement, asked, pass: milliseconds => { now += milliseconds } }
}

test('a failure is believed when a majority of the managers sees it, and for so long as they saw it a moment ago', async () => {
  const { agreement, asked, pass } = made(['m1', 'm2', 'm3'], { m2: false, m3: true })
  const before = agreement.confirmed(dead, sure)
  assert.deepEqual([before.confirmed, before.because.text], [false, '1 of 3 managers see the failure of db1:3306; it is acted upon by itself when 2 do (ExpectFailureAnalysisConcensus)'])
  assert.equal(await agreement.seek(dead), true)
  assert.equal(agreement.confirmed(dead, sure), sure)
  assert.equal(await agreement.seek(dead), false, 'nobody is asked again at once')
  assert.deepEqual(asked, [{ key: 'db1:3306', code: 'DeadMaster', remedy: 'promote-replica', isUnreachable: true }, { key: 'db1:3306', code: 'DeadMaster', remedy: 'promote-replica', isUnreachable: true }])
  assert.equal(agreement.confirmed(found('DeadMasterWithoutReplicas', 'promote-replica', false), sure).confirmed, false, 'another failure of the same server is not what they saw')
  await agreement.seek(dead)
  pass(6000)
  assert.equal(agreement.confirmed(dead, sure).confirmed, false)
})

test('no answer is neither yes nor no: one manager of three alone, or two of five, are not believed', async () => {
  const three = made(['m1', 'm2', 'm3'], {})
  assert.equal(await three.agreement.seek(dead), false)
  assert.equal(three.agreement.confirmed(dead, sure).confirmed, false)
  const five = made(['m1', 'm2', 'm3', 'm4', 'm5'], { m2: true, m3: false, m4: null })
  assert.equal(await five.agreement.seek(dead), false)
  assert.equal(five.agreement.confirmed(dead, sure).confirmed, false)
})

test('one manager without others, and what is only reported, need nobody', () => {
  assert.equal(made(['m1'], {}).agreement.confirmed(dead, sure), sure)
  const report = found('UnreachableMaster', 'report', false)
  assert.equal(made(['m1', 'm2', 'm3'], {}).agreement.confirmed(report, sure), sure)
  const unsure: Confirmation = { confirmed: false, because: { code: 'still-linked', parameters: {}, text: '' }, askAgain: [], at: null }
  assert.equal(made(['m1'], {}).agreement.confirmed(dead, unsure), unsure)
})

test('whoever cannot reach a server either sees the same; of one that answers the failure itself must be seen', () => {
  const question = readSeenQuestion({ key: 'db1:3306', code: 'DeadMaster', remedy: 'promote-replica', isUnreachable: true })
  assert.deepEqual([seesThe(question, undefined, false), seesThe(question, dead, true)], [true, false])
  const locked: SeenQuestion = { ...question, code: 'LockedSemiSyncMaster', remedy: 'repair-semi-sync', isUnreachable: false }
  assert.deepEqual([seesThe(locked, undefined, true), seesThe(locked, found('LockedSemiSyncMaster', 'repair-semi-sync', true), true)], [false, true])
  assert.throws(() => readSeenQuestion({ key: 'db1:3306' }), /lacks something/)
})
