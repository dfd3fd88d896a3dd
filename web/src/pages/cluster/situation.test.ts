import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FindingView, RecoverySummary } from '../../../../src/contract/views.ts'
import { blockingRecovery, failuresOf, situationOf } from './situation.ts'

type State = FindingView['outlook']['state']

const finding = (state: State, code = 'any', more: Partial<FindingView> = {}): FindingView => ({
  server: 'db140:3306', clusterName: 'db140:3306', clusterAlias: 'shop', code: 'DeadMaster', description: '', severity: 'critical', since: 0, evidence: [], isDowntimed: false,
  outlook: { state, reason: { code, parameters: {}, text: code }, at: null },
  ...more,
})
const [led, unled] = [{ leader: 'orc1' }, { leader: '' }]

const lines: readonly (readonly [state: State, reason: string, me: { readonly leader: string }, situation: string | null, acts: string])[] = [
  ['waiting-for-evidence', 'suspected', led, 'suspected', 'show downtime'],
  ['waiting-for-evidence', 'suspected', unled, 'suspected', 'show downtime'],
  ['waiting-for-evidence', 'asking-again', led, 'about-to', 'stopAutomatic recoverNow'],
  ['waiting-for-evidence', 'durability-refused', led, 'promise', 'recover'],
  ['waiting-for-evidence', 'durability-refused', unled, 'no-leader', 'status'],
  ['due', 'due', led, 'about-to', 'stopAutomatic recoverNow'],
  ['due', 'due', unled, 'no-leader', 'status'],
  ['blocked', 'blocked-cluster', led, 'blocked', 'seeBlocking acknowledgeBlocking recover'],
  ['blocked', 'blocked-cluster', unled, 'no-leader', 'status'],
  ['not-covered', 'not-covered', led, 'not-covered', 'recover'],
  ['off', 'recoveries-off', led, 'off', 'recover switchOn'],
  ['no-remedy', 'report-only', led, 'no-remedy', 'show downtime'],
  ['recovering', 'recovering', led, null, ''],
]

for (const [state, reason, me, name, acts] of lines) {
  test(`a failure that is ${state} (${reason})${me === unled ? ' while nobody leads' : ''} is told as ${name ?? 'nothing, its recovery tells'}`, () => {
    const situation = situationOf(finding(state, reason), me)
    assert.equal(situation?.name ?? null, name)
    assert.equal(situation?.acts.join(' ') ?? '', acts)
  })
}

test('each server has one line, the first failure known of it; warnings and what is downtimed have none, what is only suspected has one', () => {
  const allFindings = [
    finding('due'),
    finding('no-remedy', 'structure-warning', { severity: 'warning', code: 'errant' }),
    finding('due', 'due', { code: 'second' }),
    finding('waiting-for-evidence', 'suspected', { server: 'db141:3306', severity: 'warning' }),
    finding('downtimed', 'server-downtimed', { server: 'db142:3306', isDowntimed: true }),
  ]
  assert.deepEqual(failuresOf({ allFindings }).map(({ server, code }) => [server, code]), [['db140:3306', 'DeadMaster'], ['db141:3306', 'DeadMaster']])
})

test('the recovery that stands in the way is found by what the reason says, else by the record of the block', () => {
  // The edge: only what is looked at.
  const recoveries = [{ id: 17 }, { id: 18 }] as readonly Partial<RecoverySummary>[] as readonly RecoverySummary[]
  const told = finding('blocked', 'any', { outlook: { state: 'blocked', at: null, reason: { code: 'blocked-cluster', parameters: { recovery: 18 }, text: '' } } })
  assert.equal(blockingRecovery({ recoveries, blocked: [] }, told)?.id, 18)
  assert.equal(blockingRecovery({ recoveries, blocked: [{ server: 'db140:3306', code: 'DeadMaster', blockedBy: 17 }] }, finding('blocked'))?.id, 17)
  assert.equal(blockingRecovery({ recoveries, blocked: [] }, finding('blocked')), null)
})
