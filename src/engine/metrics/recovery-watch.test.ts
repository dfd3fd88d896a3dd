import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CounterName } from '../../contract/figures.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import { RecoveryWatch } from './recovery-watch.ts'
import { Tally } from './tally.ts'

const begun = { uid: 'one', kind: 'MasterRecovery', code: 'DeadMaster', isSuccessful: false, startedAt: 1000, endedAt: null } as const
type Told = Parameters<RecoveryWatch['recovery']>[0]

function watched(events: readonly Told[]): { readonly tally: Tally; readonly noted: readonly string[]; readonly watch: RecoveryWatch } {
  const [tally, noted] = [new Tally(), [] as string[]]
  const watch = new RecoveryWatch(tally, { note: (name, labels, value) => void noted.push(`${name} ${Object.values(labels).join(' ')} ${value}`) })
  for (const event of events) watch.recovery(event)
  return { tally, noted, watch }
}

test('a recovery counts once when it begins and once when it has ended, however often it is told', () => {
  const ended = { ...begun, isSuccessful: true, endedAt: 3500 }
  const { tally, noted, watch } = watched([begun, begun, ended, ended, begun])
  assert.deepEqual(['start', 'success', 'fail'].map(what => tally.of(`recover.dead_master.${what}` as CounterName)), [1, 1, 0])
  assert.equal(watch.underWay, 0)
  assert.deepEqual(noted, ['recoveries_started_total DeadMaster 1', 'recoveries_total DeadMaster success 1', 'recovery_seconds success 2.5'])
})

test('one that is told at its end alone has begun as well, and while none has ended it is under way', () => {
  assert.equal(watched([{ ...begun, endedAt: 2000 }]).tally.of('recover.dead_master.fail'), 1)
  assert.equal(watched([{ ...begun, endedAt: 2000 }]).tally.of('recover.dead_master.start'), 1)
  assert.equal(watched([begun]).watch.underWay, 1)
})

const kinds: readonly (readonly [Recovery['kind'], CounterName | null])[] = [
  ['MasterRecovery', 'recover.dead_master.start'], ['CoMasterRecovery', 'recover.dead_co_master.start'],
  ['IntermediateMasterRecovery', 'recover.dead_intermediate_master.start'], ['ReplicationGroupMemberRecovery', 'recover.dead_replication_group_member.start'], ['', null],
]

for (const [kind, name] of kinds) {
  test(`a recovery of the kind '${kind}' counts for ${name ?? 'none of the original figures'}`, () => {
    const { tally, noted } = watched([{ ...begun, kind }])
    for (const [, other] of kinds) if (other !== null) assert.equal(tally.of(other), other === name ? 1 : 0)
    assert.deepEqual(noted, ['recoveries_started_total DeadMaster 1'])
  })
}

test('stages count with how long they took, where that is known', () => {
  const { noted, watch } = watched([])
  watch.step({ stage: 'promote', outcome: 'done', durationMilliseconds: 250 })
  watch.step({ stage: 'promote', outcome: 'note', durationMilliseconds: null })
  watch.detected({ code: 'DeadMaster' })
  assert.deepEqual(noted, ['recovery_stage_seconds promote done 0.25', 'detections_total DeadMaster 1'])
})
