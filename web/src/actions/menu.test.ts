import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterView } from '../../../src/contract/views.ts'
import { server } from '../drawing/example-servers.ts'
import { acts, type ActName, type WhyNot } from './menu.ts'

const primary = server('db140', null)
const cluster = { primary: { key: primary.key, status: primary.statuses[0] }, allFindings: [], members: [primary] } as unknown as ClusterView
const whyNot = (name: ActName, of: Parameters<typeof server>, within = cluster): WhyNot | null | undefined =>
  acts.find(act => act.name === name)?.whyNot(server(...of), within)

test('a primary cannot be moved, started or promoted, and the menu says why', () => {
  assert.equal(whyNot('move', ['db140', null]), 'noSource')
  assert.equal(whyNot('start', ['db140', null]), 'noSource')
  assert.equal(whyNot('takeover', ['db140', null]), 'isPrimary')
})

test('a healthy replica cannot be started but can be stopped; a stopped one the other way round', () => {
  assert.equal(whyNot('start', ['db141', 'db140']), 'running')
  for (const name of ['stop', 'stopNice'] as const) assert.equal(whyNot(name, ['db141', 'db140']), null)
  assert.equal(whyNot('start', ['db141', 'db140', 'stopped']), null)
  for (const name of ['stop', 'stopNice'] as const) assert.equal(whyNot(name, ['db141', 'db140', 'stopped']), 'stopped')
})

test('only a direct replica of a living primary can take over', () => {
  assert.equal(whyNot('takeover', ['db141', 'db140']), null)
  assert.equal(whyNot('takeover', ['db143', 'db141']), 'notBelowPrimary')
  const dead = { ...cluster, primary: { key: primary.key, status: server('db140', null, 'unreachable').statuses[0] } } as unknown as ClusterView
  assert.equal(whyNot('takeover', ['db141', 'db140'], dead), 'primaryDead')
})

test('a replica becomes the primary of its siblings only when its source does not answer', () => {
  assert.equal(whyNot('makePrimary', ['db141', 'db140']), 'sourceAnswers')
  const dead = { ...cluster, members: [server('db140', null, 'unreachable')] } as unknown as ClusterView
  assert.equal(whyNot('makePrimary', ['db141', 'db140'], dead), null)
})

test('only a replica below a replica can move up, change places with its source, or take the place of its source', () => {
  assert.equal(whyNot('moveUp', ['db141', 'db140']), 'belowPrimary')
  assert.equal(whyNot('takeSource', ['db140', null]), 'noSource')
  const below = { ...server('db143', 'db141'), depth: 2 }
  for (const name of ['moveUp', 'takeSource', 'makeLocalPrimary', 'takeSiblings']) assert.equal(acts.find(act => act.name === name)?.whyNot(below, cluster), null)
})

test('what needs an error, an errant transaction, semi-sync or a binary log says what is missing', () => {
  assert.equal(whyNot('skip', ['db141', 'db140']), 'noApplierError')
  assert.equal(whyNot('injectErrant', ['db141', 'db140']), 'noErrant')
  assert.equal(whyNot('injectErrant', ['db141', 'db140', 'errant-gtid', { errantGtidSet: 'x:1' }]), null)
  assert.equal(whyNot('semiSyncSourceOn', ['db140', null]), 'noSemiSync')
  const semiSync = { sourceEnabled: true, replicaEnabled: false, clients: 1, waitFor: 1 }
  assert.equal(whyNot('semiSyncSourceOn', ['db140', null, 'writable', { semiSync }]), 'alreadyOn')
  assert.equal(whyNot('semiSyncReplicaOff', ['db140', null, 'writable', { semiSync }]), 'alreadyOff')
  assert.equal(whyNot('purgeLogs', ['db140', null, 'writable', { logBin: false }]), 'noBinlog')
  assert.equal(whyNot('enableGtid', ['db141', 'db140']), 'alreadyGtid')
  assert.equal(whyNot('disableGtid', ['db141', 'db140', 'replicating', { gtid: 'none' }]), 'alreadyPosition')
})

test('what concerns the replicas of a server is offered only where it has some, also when it does not answer itself', () => {
  const names = ['moveReplicas', 'moveUpReplicas', 'regroup', 'regroupGtid']
  for (const name of names) {
    const act = acts.find(each => each.name === name)
    assert.equal(act?.isOffered?.(server('db141', 'db140')), false, name)
    const silent = server('db141', 'db140', 'unreachable', { replicas: ['db143:3306'] })
    assert.equal(act?.isOffered?.(silent), true, name)
    assert.equal(act?.whyNot(silent, cluster), null, name)
  }
})

test('nothing on a server that does not answer can be changed; it can be recovered, noted about, examined and forgotten', () => {
  const silent = server('db141', 'db140', 'unreachable')
  const possible = acts.filter(act => (act.isOffered?.(silent) ?? true) && act.whyNot(silent, cluster) === null).map(act => act.name)
  assert.deepEqual(possible, ['recover', 'downtimeBegin', 'refresh', 'doctor', 'tags', 'promotionRule', 'maintenanceBegin', 'forget'])
})
