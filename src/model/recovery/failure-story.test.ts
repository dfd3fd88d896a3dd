import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../topology/instance-key.ts'
import { type Diagnosis, failureStory } from './failure-story.ts'
import type { Recovery, RecoveryStep } from './records.ts'
import { englishStoryWords, storyMarkdown } from './story-markdown.ts'

const [db1, db2, db3] = [instanceKey('db1', 3306), instanceKey('db2', 3306), instanceKey('db3', 3306)]
const recovery: Recovery = {
  id: 18, uid: 'u18', key: db1, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: db1, clusterAlias: 'shop',
  replicas: [db2, db3], successor: db2, successorAlias: '', successorCoordinates: null, isSuccessful: true, isActive: true, lostReplicas: [db3], participants: [], errors: [],
  startedAt: 10_000, endedAt: 12_400, acknowledged: null, detectionId: 1, nodeHostname: 'orc1', nodeToken: 'a',
}
let number = 0
const step = (at: number, stage: string, message: string, more: Partial<RecoveryStep> = {}): RecoveryStep =>
  ({ id: ++number, recoveryUid: 'u18', at, stage, server: null, message, outcome: 'note', durationMilliseconds: null, ...more })
const steps: readonly RecoveryStep[] = [
  step(10_000, 'begin', 'the primary is dead', { server: db1 }),
  step(10_001, 'begin', 'evidence: the last probe failed', { server: db1 }),
  step(10_001, 'begin', 'at risk: 3 transactions that db1:3306 was last seen with were on none of the 2 replicas', { server: db1 }),
  step(10_001, 'begin', 'topology before: db1:3306 unreachable [db2:3306 not-following, db3:3306 not-following]'),
  step(10_300, 'stop-receivers', 'stop-receiver', { server: db2, outcome: 'done', durationMilliseconds: 40 }),
  step(10_500, 'choose', 'promoted candidate: db2:3306', { server: db2 }),
  step(11_200, 'promote', 'set read_only=0', { server: db2, outcome: 'done', durationMilliseconds: 5 }),
  step(11_300, 'repoint', 'change-source to db2:3306 (gtid): lost | the <b>link</b>', { server: db3, outcome: 'failed', durationMilliseconds: 100 }),
  step(12_400, 'end', 'topology after: db2:3306 writable; db1:3306 unreachable; db3:3306 not-following'),
]
const diagnosis: Diagnosis = { detection: { startedAt: 9_900, description: 'Primary cannot be reached', key: db1 }, changes: [{ at: 2_000, code: 'DeadMaster' }, { at: 3_000, code: 'NoProblem' }, { at: 9_000, code: 'UnreachableMaster' }, { at: 13_000, code: 'NoProblem' }] }
const story = failureStory(recovery, steps, diagnosis)

test('the record is told as evidence, decisions and steps, each line once, with what was at risk and how the cluster looked', () => {
  assert.deepEqual(story.times, { detectedAt: 9_900, startedAt: 10_000, writableAt: 11_200, endedAt: 12_400 })
  assert.deepEqual(story.evidence.map(({ at, says }) => [at, says]), [[9_000, 'UnreachableMaster'], [9_900, 'Primary cannot be reached'], [10_001, 'the last probe failed']])
  assert.deepEqual(story.decisions.map(({ says }) => says), ['the primary is dead', 'promoted candidate: db2:3306'])
  assert.deepEqual(story.steps.map(({ says, afterMilliseconds, tookMilliseconds }) => [says, afterMilliseconds, tookMilliseconds]), [
    ['stop-receiver', 300, 40], ['set read_only=0', 1_200, 5], ['change-source to db2:3306 (gtid): lost | the <b>link</b>', 1_300, 100],
  ])
  assert.deepEqual(story.atRisk, ['3 transactions that db1:3306 was last seen with were on none of the 2 replicas'])
  assert.deepEqual([story.before?.roots.length, story.after?.roots.map(({ key }) => key)], [1, [db2, db1, db3]])
  assert.equal(story.outcome, 'succeeded')
})

test('what nobody wrote down is said to be unknown, not none', () => {
  const bare = failureStory({ ...recovery, successor: null, isSuccessful: false, endedAt: null, command: 'graceful-master-takeover' }, [], { detection: null, changes: [] })
  assert.deepEqual([bare.atRisk, bare.before, bare.after, bare.times.writableAt, bare.times.detectedAt, bare.outcome], [null, null, null, null, null, 'running'])
  assert.equal(failureStory({ ...recovery, isSuccessful: false }, [], diagnosis).outcome, 'failed')
  assert.equal(failureStory({ ...recovery, command: 'graceful-master-takeover' }, [], diagnosis).outcome, 'planned')
})

test('as Markdown it is one page, in which nothing that a server said becomes markup', () => {
  const text = storyMarkdown(story, { words: englishStoryWords, say: said => said, stage: name => name, moment: at => `t${at}` })
  assert.equal(text.split('\n')[0], '# Recovery #18: DeadMaster, shop (succeeded)')
  assert.ok(text.includes('- **Successor takes writes:** t11200 (+1.20 s)'))
  assert.ok(text.includes('| +1.30 s | 0.10 s | repoint | `db3:3306` | **FAILED** change-source to db2:3306 (gtid): lost \\| the \\<b\\>link\\</b\\> |'), text)
  assert.ok(text.includes('```\ndb1:3306  unreachable\n  + db2:3306  does not follow\n  + db3:3306  does not follow\n```'))
  assert.ok(text.includes('## Rows at risk, as known when it began\n\n- 3 transactions'))
  const unrecorded = storyMarkdown(failureStory(recovery, [], { detection: null, changes: [] }), { words: englishStoryWords, say: said => said, stage: name => name, moment: String })
  assert.equal(unrecorded.split('Not recorded.').length - 1, 3)
})
