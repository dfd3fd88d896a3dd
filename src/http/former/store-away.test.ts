import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Operations } from '../../engine/operations/operations.ts'
import type { OperationParts } from '../../engine/operations/parts.ts'
import { operationReason } from '../../engine/operations/refusals.ts'
import { ok } from '../../kit/result.ts'
import { defaultValues } from '../../kit/setting.ts'
import { Topology } from '../../model/topology/topology.ts'
import { freePort } from '../../../test/harness/recorded/free-port.ts'
import { refusalStatus } from '../v2/problem.ts'
import { Router } from '../router.ts'
import { httpSettings } from '../settings.ts'
import type { FormerContext } from './context.ts'
import { formerRoutes } from './routes.ts'

const host = '127.0.31.64'

/** A store of which every read fails as the way to a database that is not there does. */
function managerOver(fails: unknown): (path: string, query?: string) => Promise<readonly [number, unknown]> {
  const repository = new Proxy({}, { get: () => () => Promise.reject(fails) })
  const store = new Proxy({}, { get: () => repository })
  // These operations reach for nothing else.
  const parts = { store, topology: () => new Topology(1, new Map()), clock: { now: () => 0, monotonic: () => 0 }, resolve: (name: string) => Promise.resolve(ok(name)), policy: () => ({}) } as unknown as OperationParts
  const former = { operations: new Operations(parts), context: () => ({}) as FormerContext, messagePrefix: () => '', hostname: 'orc-host', statusEndpoint: '/api/status', settings: defaultValues(httpSettings) }
  const router = new Router(formerRoutes(former))
  return async (path, query = '') => {
    const found = router.find('GET', path)
    assert.ok(found, path)
    const answer = await found.route.answer({
      method: 'GET', path, query: new URLSearchParams(query), headers: {}, isSecure: false, remoteAddress: '', person: { user: '', mayWrite: true, whyNot: null }, mayChange: true, askedThrough: null,
      body: () => Promise.resolve(''),
    }, found.parameters)
    assert.ok('body' in answer)
    return [answer.status, JSON.parse(String(answer.body))]
  }
}

test('while the database of the managers is away, what is read from it is answered with a sentence that says so', async () => {
  const port = await freePort(host)
  const ask = managerOver(await new Promise<unknown>(resolve => connect({ host, port }).once('error', resolve)))
  const message = `The managers' database cannot be read: connect ECONNREFUSED ${host}:${port}`
  const paths = ['maintenance', 'in-maintenance/db1/3306', 'tags/db1/3306', 'bulk-promotion-rules', 'audit', 'audit-recovery', 'blocked-recoveries', 'cluster-pool-instances/x', 'replication-analysis-changelog']
  for (const path of paths) assert.deepEqual(await ask(`/api/${path}`), [500, { Code: 'ERROR', Message: message, Details: null }], path)
  assert.deepEqual(await ask('/api/tagged', 'tag=role=backup'), [500, { Code: 'ERROR', Message: message, Details: null }])
  assert.equal(refusalStatus(operationReason('store-unread', { text: '' })), 503, 'version 2 says by its status that another time may do')
})

test('a mistake of our own is not laid on the database there either', async () => {
  await assert.rejects(managerOver(new TypeError('x is undefined'))('/api/maintenance'), TypeError)
})
