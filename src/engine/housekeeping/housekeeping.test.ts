import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../../ports/log.ts'
import { Housekeeping } from './housekeeping.ts'

const nothing = (): void => undefined
const log = (errors: string[]): Log => ({ debug: nothing, info: nothing, warning: nothing, error: message => void errors.push(message) })
const clock = {
  now: Date.now, monotonic: () => performance.now(), after: () => nothing,
  sleep: (milliseconds: number, signal?: AbortSignal) => new Promise<void>(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  }),
}

test('a task that fails is told and tried again, and does not stop the others', async () => {
  const errors: string[] = []
  const runs = { good: 0, bad: 0 }
  const housekeeping = new Housekeeping({ clock, log: log(errors), isLeader: () => true }, [
    { name: 'bad', everyMilliseconds: 5, onlyLeader: false, run: () => (runs.bad++, Promise.reject(new Error('no'))) },
    { name: 'good', everyMilliseconds: 5, onlyLeader: false, run: () => (runs.good++, Promise.resolve()) },
  ])
  housekeeping.start()
  await new Promise(resolve => setTimeout(resolve, 60))
  await housekeeping.stop()
  assert.ok(runs.bad > 1 && runs.good > 1)
  assert.deepEqual([...new Set(errors)], ['bad failed'])
  const after = runs.good
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(runs.good, after, 'nothing runs after the end')
})

test('what only the leader does is left to the leader, and a task never overlaps itself', async () => {
  let [leads, runs, atOnce, most] = [false, 0, 0, 0]
  const housekeeping = new Housekeeping({ clock, log: log([]), isLeader: () => leads }, [
    {
      name: 'slow', everyMilliseconds: 1, onlyLeader: true,
      run: async () => {
        most = Math.max(most, ++atOnce)
        runs++
        await new Promise(resolve => setTimeout(resolve, 10))
        atOnce--
      },
    },
  ])
  housekeeping.start()
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(runs, 0)
  leads = true
  await new Promise(resolve => setTimeout(resolve, 60))
  await housekeeping.stop()
  assert.ok(runs > 1)
  assert.equal(most, 1)
})
