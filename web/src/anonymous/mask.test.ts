import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from '../drawing/example-servers.ts'
import { Mask } from './mask.ts'

const clusterName = 'db140.example.com:3306'
const members = [
  server('db140.example.com', null, 'writable', { clusterName, alias: 'orders main', dataCenter: 'a', tags: ['role=backup'], pools: ['reads'], replicas: ['db141.example.com:3306'] }),
  server('db141.example.com', 'db140.example.com', 'replicating', { clusterName, dataCenter: 'a', alias: 'replica' }),
  server('db142.example.com', 'lost.example.com', 'lag', { clusterName }),
]
const cluster = {
  name: 'db140.example.com:3306',
  alias: 'orders',
  recoversPrimary: true,
  members,
  before: { 'db141.example.com:3306': 'db140.example.com:3306' },
  says: { code: 'x', parameters: { server: 'db141.example.com:3306' }, text: 'db141.example.com:3306 of orders (orders main) is a replica of db140.example.com.' },
}

test('no name is left anywhere, in texts, keys and lists, and each stands for itself everywhere', () => {
  const hidden = JSON.stringify(new Mask().hide(cluster))
  for (const name of ['db140', 'db141', 'db142', 'lost', 'example.com', 'orders', 'backup', 'reads', '"dataCenter":"a"']) assert.ok(!hidden.includes(name), `${name}: ${hidden}`)
  assert.equal(new Set(hidden.match(/server-[a-z0-9]+/g)).size, 4)
})

test('words of the program stay, also where a name is spelled as they are', () => {
  const { members: shown, says } = new Mask().hide(cluster) as typeof cluster
  assert.equal(shown[1]?.role, 'replica')
  assert.equal(shown[1]?.replication?.receiver, 'running')
  assert.match(says.text, / is a /, 'a site that is called a is hidden in its own field alone')
})

test('what goes to the program has the names again, in bodies and addresses', () => {
  const mask = new Mask()
  const hidden = mask.hide(cluster) as typeof cluster
  assert.deepEqual(mask.showIn({ instance: hidden.members[0]?.key, text: `to ${hidden.alias}` }), { instance: 'db140.example.com:3306', text: 'to orders' })
  assert.equal(mask.showInAddress(`/api/v2/clusters/${encodeURIComponent(hidden.members[0]?.alias ?? '')}?of=server-zzzzz`), '/api/v2/clusters/orders%20main?of=server-zzzzz')
  assert.deepEqual(mask.showIn(hidden), cluster)
})

test('the same name has the same mask in another browser', () => {
  assert.deepEqual(new Mask().hide(cluster), new Mask().hide(cluster))
})
