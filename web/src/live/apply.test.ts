import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import type { ClusterView, FindingView, RecoverySummary } from '../../../src/contract/views.ts'
import { shop } from '../drawing/example-servers.ts'
import { applyEvent } from './apply.ts'

const view = {
  name: 'db140:3306',
  alias: 'shop',
  snapshot: 1,
  members: shop,
  allFindings: [],
  recoveries: [],
  findings: 0,
  worstFinding: null,
} as unknown as ClusterView
const recovery = { uid: 'u1', id: 1, clusterName: 'db140:3306', failed: 'db140:3306', startedAt: 1, endedAt: 2 } as unknown as RecoverySummary
const finding = { server: 'db140:3306', clusterName: 'db140:3306', code: 'DeadMaster', severity: 'critical' } as unknown as FindingView

function shown(cache: QueryClient): ClusterView {
  return cache.getQueryData<ClusterView>(['cluster', 'shop']) ?? assert.fail('nothing is shown')
}

function cacheWith(initial: ClusterView): QueryClient {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } })
  cache.setQueryData(['cluster', 'shop'], initial)
  return cache
}

test('a recovery is shown on the cluster that it happens to, and its steps replace one another by number', () => {
  const cache = cacheWith(view)
  applyEvent(cache, { event: 'recovery', data: { ...recovery, endedAt: null, step: null } })
  applyEvent(cache, { event: 'recovery', data: { ...recovery, step: null } })
  assert.deepEqual(
    shown(cache).recoveries.map(each => [each.uid, each.endedAt]),
    [['u1', 2]],
  )
})

test('the end of a recovery is shown although its cluster has another name by then and the failed server is gone', () => {
  const renamed = { ...view, name: 'db141:3306', members: shop.filter(member => member.key !== 'db140:3306') }
  for (const known of [{ clusterAlias: 'shop', successor: null }, { clusterAlias: '', successor: 'db141:3306' }]) {
    const cache = cacheWith(renamed)
    applyEvent(cache, { event: 'recovery', data: { ...recovery, ...known, step: null } })
    assert.equal(shown(cache).recoveries.length, 1)
  }
})

test('findings of other clusters do not touch this one, and its own go when they are over', () => {
  const cache = cacheWith(view)
  applyEvent(cache, { event: 'findings', data: { findings: [finding, { ...finding, clusterName: 'other:1' }] } })
  assert.equal(shown(cache).allFindings.length, 1)
  applyEvent(cache, { event: 'findings', data: { findings: [] } })
  assert.deepEqual([shown(cache).allFindings.length, shown(cache).worstFinding], [0, null])
})

test('an answer that was on its way before the end of a recovery does not undo it', async () => {
  const cache = cacheWith(view)
  const answers: ((answer: ClusterView) => void)[] = []
  const queryFn = (): Promise<ClusterView> => new Promise(resolve => answers.push(resolve))
  const stop = new QueryObserver(cache, { queryKey: ['cluster', 'shop'], queryFn }).subscribe(() => undefined)
  void cache.invalidateQueries({ queryKey: ['cluster', 'shop'] })
  applyEvent(cache, { event: 'recovery', data: { ...recovery, step: null } })
  answers[0]?.(view)
  answers[1]?.({ ...view, recoveries: [recovery] })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(answers.length, 2, 'it is asked for anew')
  assert.equal(shown(cache).recoveries.length, 1)
  stop()
  cache.clear()
})

test('a new primary gives the cluster a new name: what is shown under its alias is asked for again', async () => {
  const cache = cacheWith(view)
  let asked = 0
  const stop = new QueryObserver(cache, {
    queryKey: ['cluster', 'shop'],
    queryFn: () => Promise.resolve((asked++, { ...view, name: 'db141:3306' })),
  }).subscribe(() => undefined)
  const row = { ...view, name: 'db141:3306' }
  applyEvent(cache, { event: 'cluster', data: { snapshot: 2, name: 'db141:3306', row, changed: [], removed: [] } })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(asked, 1)
  assert.equal(shown(cache).name, 'db141:3306')
  stop()
  cache.clear()
})
