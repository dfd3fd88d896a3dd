import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureStory } from '../../../src/model/recovery/failure-story.ts'
import { storyMarkdown } from '../../../src/model/recovery/story-markdown.ts'
import { instanceKey } from '../../../src/model/topology/instance-key.ts'
import { failureStoryWords } from './failure-story-words.ts'
import { stages } from './step-messages.ts'
import { sayStep } from './story-sentences.ts'
import { zhReasons } from './zh-reasons.ts'

const han = /\p{Script=Han}/u
const db1 = instanceKey('db1', 3306)

test('every word of the story is Chinese in Chinese', () => {
  const flat = (words: object): readonly string[] => Object.values(words).flatMap((value: unknown) => (typeof value === 'object' && value !== null ? flat(value) : [String(value)]))
  const foreign = flat(failureStoryWords('zh')).filter(word => !han.test(word))
  assert.deepEqual(foreign, [])
})

test('a story as it is recorded is Chinese from its heading to its end: what is at risk, the evidence and each step', () => {
  const step = (id: number, stage: string, message: string) => ({ id, recoveryUid: 'u', at: id, stage, server: db1, message, outcome: 'done' as const, durationMilliseconds: 5 })
  const story = failureStory(
    {
      id: 1, uid: 'u', key: db1, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: db1, clusterAlias: 'shop', replicas: [], successor: db1,
      successorAlias: '', successorCoordinates: null, isSuccessful: true, isActive: false, lostReplicas: [], participants: [], errors: [], startedAt: 0, endedAt: 9, acknowledged: null, detectionId: 0, nodeHostname: 'orc1', nodeToken: '',
    },
    [
      step(1, 'begin', 'evidence: db2:3306 lost its connection (error 2003)'),
      step(2, 'begin', 'at risk: it cannot be counted what db1:3306 holds alone: it does not keep sets of transactions'),
      step(3, 'promote', 'set read_only=0'),
      step(4, 'end', 'topology after: db1:3306 writable [db2:3306 following]'),
    ],
    { detection: null, changes: [] },
  )
  const text = storyMarkdown(story, { words: failureStoryWords('zh'), say: said => sayStep(said, 'zh', zhReasons), stage: name => stages[name]?.[1] ?? name, moment: String })
  for (const line of text.split('\n').filter(each => /[A-Za-z]{3}/.test(each))) assert.ok(han.test(line) || /^\|[-|]+\|$/.test(line), line)
  assert.ok(text.includes('无法统计只在 db1:3306 上的内容'), text)
})
