import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { Processes } from '../../ports/processes.ts'
import { tookSourceHooks } from './took-source-hooks.ts'

test('after a source was taken each configured command gets both servers, and one that fails is logged and stops no other', async () => {
  const ran: { text: string; args: readonly string[]; environment: Readonly<Record<string, string>> }[] = []
  const errors: string[] = []
  const processes: Processes = {
    run: async ({ text, args, environment }) => {
      ran.push({ text, args, environment })
      return { exitCode: text === 'false' ? 1 : 0, signal: null, timedOut: false, output: '', startFailure: null, durationMilliseconds: 1 }
    },
  }
  const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: (message: string) => void errors.push(message) }
  await tookSourceHooks(processes, { postTakeSource: ['false', 'true'], shell: 'bash', hookTimeoutSeconds: 1 }, log)(instanceKey('one', 3306), instanceKey('two', 3306))
  assert.deepEqual(ran.map(({ text }) => text), ['false', 'true'])
  assert.deepEqual(ran[0]?.environment, { ORC_SUCCESSOR_HOST: 'one:3306', ORC_FAILED_HOST: 'two:3306' })
  assert.deepEqual(ran[0]?.args, ['one:3306', 'two:3306'])
  assert.equal(errors.length, 1)
})
