import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterAlias, clusterOfHint } from './cluster-hint.ts'
import { bareInstance } from './fresh-instance.ts'
import { instanceKey } from './instance-key.ts'
import { noDecisions, Topology } from './topology.ts'

const [deposed, successor] = [instanceKey('db140', 3306), instanceKey('db141', 3306)]
const instances = new Map([deposed, successor].map(key => [key, { ...bareInstance(key), suggestedClusterAlias: 'shop' }]))

test('an alias that was carried to the successor no longer names the deposed primary', () => {
  const topology = new Topology(1, instances, { ...noDecisions, aliases: new Map([[successor, 'shop']]) })
  assert.equal(clusterAlias(topology, successor), 'shop')
  assert.equal(clusterAlias(topology, deposed), deposed)
  assert.deepEqual(clusterOfHint(topology, 'shop'), { ok: true, value: successor })
})

test('without a decided alias the one that the servers suggest counts', () => {
  const topology = new Topology(1, new Map([...instances].slice(0, 1)))
  assert.equal(clusterAlias(topology, deposed), 'shop')
})
