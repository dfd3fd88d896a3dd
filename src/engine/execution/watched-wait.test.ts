import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../../kit/result.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance, ReplicationLink, ServerFailure } from '../../model/topology/instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { waitWatched } from './watched-wait.ts'

const [on, source] = [instanceKey('one', 3306), instanceKey('source', 3306)]
const uuid = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
const late: ServerFailure = { kind: 'timeout', number: null, text: 'not in time' }
const broken = { number: 1062, text: 'Duplicate entry', at: null }

const replica = (more: Partial<ReplicationLink>, channels = 1): Instance => {
  const link = { ...bareLink(source), receiver: 'stopped' as const, applier: 'running' as const, gtid: 'mysql' as const, ...more }
  return { ...bareInstance(on), replication: link, channels: Array.from({ length: channels }, () => link) }
}

/** A server that has executed everything after `after` milliseconds and looks like `seen` until then; each look takes 10 ms. */
async function waited(seen: Instance | undefined, { after = Infinity, failure = late, limit = 10_000, above }: { after?: number; failure?: ServerFailure; limit?: number; above?: Instance } = {}) {
  const clock = { at: 0 }
  const slices: number[] = []
  const result = await waitWatched({
    step: { do: 'wait-executed', on, what: { set: 'a:1' }, timeoutMilliseconds: limit },
    perform: ({ timeoutMilliseconds }) => {
      slices.push(timeoutMilliseconds)
      const isReached = clock.at + timeoutMilliseconds >= after
      clock.at = isReached ? after : clock.at + timeoutMilliseconds
      return Promise.resolve(isReached ? ok({ statements: ['wait'] }) : fail(failure))
    },
    waited: `${uuid}:1-20`, isOfPlan: server => server === above?.key,
    look: server => {
      clock.at += 10
      return Promise.resolve(server === on ? seen : above)
    },
    monotonic: () => clock.at,
  })
  return { at: clock.at, slices, code: result.ok ? 'done' : result.failure.code, text: result.ok ? '' : result.failure.text }
}

test('what is reached in the first half second is waited for once', async () => {
  assert.deepEqual(await waited(undefined, { after: 300 }), { at: 300, slices: [500], code: 'done', text: '' })
})

test('an applier that stopped with an error ends the wait at once, and its error is told', async () => {
  const { slices, code, text } = await waited(replica({ applier: 'stopped', applierError: broken }), { limit: 300_000 })
  assert.deepEqual([slices, code], [[500], 'applier-failed'])
  assert.match(text, /one:3306 cannot execute .*Error 1062: Duplicate entry/)
})

test('one that is slow, does not answer, was stopped by somebody or has another channel is waited for until the end and not beyond it', async () => {
  const patient = [replica({}), undefined, replica({ applier: 'stopped' }), replica({ applier: 'running', applierError: broken }), replica({ applier: 'stopped', applierError: broken }, 2)]
  for (const seen of patient) {
    const { at, slices, code } = await waited(seen)
    assert.deepEqual([at, slices.slice(0, 4), code], [10_000, [500, 1000, 2000, 2000], 'not-executed-in-time'])
    assert.equal((await waited(seen, { after: 9000 })).code, 'done')
  }
})

test('the applier of the source that feeds it failed: once all is here that the source has executed, nothing more comes', async () => {
  const above = (executed: string): Instance => ({ ...replica({ applier: 'stopped', applierError: broken }), key: source, executedGtidSet: `${uuid}:${executed}` })
  const here = (executed: string, received = ''): Instance => ({ ...replica({ retrievedGtidSet: received && `${uuid}:${received}` }), executedGtidSet: `${uuid}:${executed}` })
  const { slices, code, text } = await waited(here('1-10'), { above: above('1-10') })
  assert.deepEqual([slices, code], [[500], 'applier-failed'])
  assert.match(text, /^source:3306 cannot execute/)
  const goOn = [[here('1-9'), above('1-10')], [here('1-10', '11-20'), above('1-10')], [here('1-10'), { ...above('1-10'), replication: null, channels: [] }]] as const
  for (const [seen, feeder] of goOn) assert.equal((await waited(seen, { above: feeder })).code, 'not-executed-in-time')
})

test('a failure that is no end of the time is passed on', async () => {
  const { slices, code } = await waited(replica({}), { failure: { kind: 'connection-lost', number: null, text: 'gone' } })
  assert.deepEqual([slices, code], [[500], 'statement-failed'])
})
