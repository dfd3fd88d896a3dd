import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperationAnswer, PlanView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { server } from '../drawing/example-servers.ts'
import { fewAtATime } from './few-at-a-time.ts'
import { planMoves, runMoves, whyNotMovable, type MoveWays } from './many-moves.ts'

const why = (code: string): Reason => ({ code, parameters: {}, text: code })
const planOf = (name: string): PlanView => ({
  operation: 'relocate', kind: '', says: why('move'), method: 'gtid', fingerprint: `print of ${name}`, dangerLevel: 1, checks: [], warnings: [], steps: [], before: {}, after: {},
  command: '',
})

/** Answers by server; what is not named is planned and done. `ran` gathers what was really asked to run. */
function answering(plans: Readonly<Record<string, OperationAnswer>>, runs: Readonly<Record<string, OperationAnswer | Error>>): MoveWays & { readonly ran: string[] } {
  const ran: string[] = []
  return {
    ran,
    plan: async name => plans[name] ?? { state: 'plan', plan: planOf(name) },
    run: async (name, fingerprint) => {
      ran.push(`${name} by ${fingerprint}`)
      const answer = runs[name] ?? { state: 'done', output: null }
      if (answer instanceof Error) throw answer
      return answer
    },
    failureText: error => (error instanceof Error ? error.message : String(error)),
  }
}

test('each chosen server is moved by exactly the plan that was shown, one after another, and one that cannot stays', async () => {
  const ways = answering({ db3: { state: 'refused', refused: why('no-binlog') } }, {})
  const planned = await planMoves(['db1', 'db2', 'db3'], ways)
  assert.deepEqual(planned.map(({ plan, why: reason }) => [plan?.fingerprint ?? null, typeof reason === 'object' ? reason?.code : reason]), [
    ['print of db1', undefined], ['print of db2', undefined], [null, 'no-binlog'],
  ])
  const told: string[] = []
  const ended = await runMoves(planned, moves => told.push(moves.map(({ state }) => state).join(' ')), ways)
  assert.deepEqual(ways.ran, ['db1 by print of db1', 'db2 by print of db2'])
  assert.deepEqual(ended.map(({ state }) => state), ['moved', 'moved', 'planned'])
  assert.deepEqual(told, ['moving waiting planned', 'moved waiting planned', 'moved moving planned', 'moved moved planned'])
})

test('after a move that failed on its way the rest is left where it is', async () => {
  for (const failure of [new Error('no answer'), { state: 'refused', refused: why('step-failed') } as const]) {
    const ways = answering({}, { db1: failure })
    const ended = await runMoves(await planMoves(['db1', 'db2'], ways), () => undefined, ways)
    assert.deepEqual(ended.map(({ state }) => state), ['failed', 'notTried'])
    assert.equal(ways.ran.length, 1)
  }
})

test('a plan that no longer holds ran nothing, so the others still move', async () => {
  const ways = answering({}, { db1: { state: 'refused', refused: why('plan-changed'), plan: planOf('db1') } })
  const ended = await runMoves(await planMoves(['db1', 'db2'], ways), () => undefined, ways)
  assert.deepEqual(ended.map(({ state }) => state), ['failed', 'moved'])
})

test('replicas of one cluster can be moved together; servers of several, or one that follows nobody, cannot', () => {
  const [one, two] = [server('db141', 'db140'), server('db142', 'db140')]
  assert.equal(whyNotMovable([one, two]), null)
  assert.equal(whyNotMovable([one, { ...two, clusterName: 'db9:3306' }]), 'moveOneCluster')
  assert.equal(whyNotMovable([one, server('db140', null)]), 'moveReplicasOnly')
})

test('not more than four are asked at once, and the answers keep their order', async () => {
  let [now, most] = [0, 0]
  const answers = await fewAtATime([5, 1, 4, 2, 3, 0, 6, 7], async item => {
    most = Math.max(most, ++now)
    await new Promise(resolve => setImmediate(resolve))
    now -= 1
    return item * 10
  })
  assert.deepEqual(answers, [50, 10, 40, 20, 30, 0, 60, 70])
  assert.equal(most, 4)
})
