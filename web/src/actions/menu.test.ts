import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterView } from '../../../src/contract/views.ts'
import { server } from '../drawing/example-servers.ts'
import { acts, type ActName, type WhyNot } from './menu.ts'

const primary = server('db140', null)
const cluster = { primary: { key: primary.key, status: primary.statuses[0] }, allFindings: [] } as unknown as ClusterView
const whyNot = (name: ActName, of: Parameters<typeof server>, within = cluster): WhyNot | null | undefined =>
  acts.find(act => act.name === name)?.whyNot(server(...of), within)

test('a primary cannot be moved, started or promoted, and the menu says why', () => {
  assert.equal(whyNot('move', ['db140', null]), 'noSource')
  assert.equal(whyNot('start', ['db140', null]), 'noSource')
  assert.equal(whyNot('takeover', ['db140', null]), 'isPrimary')
})

test('a healthy replica cannot be started but can be stopped; a stopped one the other way round', () => {
  assert.equal(whyNot('start', ['db141', 'db140']), 'running')
  assert.equal(whyNot('stop', ['db141', 'db140']), null)
  assert.equal(whyNot('start', ['db141', 'db140', 'stopped']), null)
  assert.equal(whyNot('stop', ['db141', 'db140', 'stopped']), 'stopped')
})

test('only a direct replica of a living primary can take over', () => {
  assert.equal(whyNot('takeover', ['db141', 'db140']), null)
  assert.equal(whyNot('takeover', ['db143', 'db141']), 'notBelowPrimary')
  const dead = { ...cluster, primary: { key: primary.key, status: server('db140', null, 'unreachable').statuses[0] } } as unknown as ClusterView
  assert.equal(whyNot('takeover', ['db141', 'db140'], dead), 'primaryDead')
})

test('only a replica below a replica can move up or change places with its source', () => {
  assert.equal(whyNot('moveUp', ['db141', 'db140']), 'belowPrimary')
  assert.equal(whyNot('takeSource', ['db140', null]), 'noSource')
  const below = { ...server('db143', 'db141'), depth: 2 }
  for (const name of ['moveUp', 'takeSource', 'takeSiblings']) assert.equal(acts.find(act => act.name === name)?.whyNot(below, cluster), null)
})

test('a server that does not answer can be recovered, downtimed and forgotten, and nothing on it can be changed', () => {
  const possible = acts.filter(act => act.whyNot(server('db141', 'db140', 'unreachable'), cluster) === null).map(act => act.name)
  assert.deepEqual(possible, ['recover', 'downtimeBegin', 'downtimeEnd', 'refresh', 'forget'])
})
