import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { formerLines, RepeatedLines } from './former-lines.ts'
import { RecoveryStory } from './story.ts'

const finding = { code: 'DeadMaster', key: instanceKey('db1', 3306) }

/** As people search for them, each beside the line that it must be found in. */
const searched: readonly (readonly [string, string])[] = [
  ['executeCheckAndRecoverFunction: proceeding with DeadMaster detection on db1:3306', formerLines.detecting(finding)],
  ['executeCheckAndRecoverFunction: proceeding with DeadMaster recovery on db1:3306', formerLines.recovering(finding)],
  ['topology_recovery: will handle', formerLines.step('will handle DeadMaster event on db1:3306')],
  ['topology_recovery: RecoverDeadIntermediateMaster', formerLines.step('topology_recovery: RecoverDeadIntermediateMaster failed')],
  ['NOT Recovering host (disabled globally)', formerLines.switchedOff(finding)],
  ['NOT detecting/recovering host (raft non-leader)', formerLines.notLeading(finding)],
]

for (const [text, line] of searched) {
  test(`who searches the log for "${text}" finds it`, () => {
    assert.ok(line.includes(text), line)
    assert.equal(line.indexOf('topology_recovery: ', 1), -1, 'said once')
  })
}

test('each step of a recovery is in the log under the word that people search for', async () => {
  const lines: string[] = []
  const quiet = (): void => undefined
  const log = { debug: quiet, info: (message: string) => void lines.push(message), warning: quiet, error: quiet }
  const stored: string[] = []
  const story = new RecoveryStory({ uid: 'u', clock: new SimulatedClock(), log, tell: quiet, write: async ({ message }) => void stored.push(message) })
  story.note('begin', 'will handle DeadMaster event on db1:3306')
  await story.written()
  assert.deepEqual([lines, stored], [['topology_recovery: will handle DeadMaster event on db1:3306'], ['will handle DeadMaster event on db1:3306']])
})

test('a line about a server that goes on being wrong is written once a minute', () => {
  const lines = new RepeatedLines()
  const due = [0, 1000, 59_999, 60_000, 61_000, 120_000].filter(at => lines.isDue('DeadMaster db1:3306', at))
  assert.deepEqual(due, [0, 60_000, 120_000])
  assert.equal(lines.isDue('DeadMaster db2:3306', 61_000), true)
})
