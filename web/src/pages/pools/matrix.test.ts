import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from '../../drawing/example-servers.ts'
import { poolMatrices } from './matrix.ts'

test('each cluster has its own matrix: its pools by name, and only servers that are in one', () => {
  const other = { clusterName: 'db201:3306', pools: ['reads10'] }
  const matrices = poolMatrices([
    server('db140', null),
    server('db142', 'db140', 'replicating', { pools: ['reads2', 'reports'] }),
    server('db141', 'db140', 'replicating', { pools: ['reads10', 'reads2'] }),
    server('db202', 'db201', 'replicating', other),
  ])
  assert.deepEqual(
    matrices.map(({ clusterName, pools, servers }) => [clusterName, pools.map(({ name, members }) => `${name} ${members.length}`), servers.map(({ key }) => key)]),
    [
      ['db140:3306', ['reads2 2', 'reads10 1', 'reports 1'], ['db141:3306', 'db142:3306']],
      ['db201:3306', ['reads10 1'], ['db202:3306']],
    ],
  )
})

test('servers whose pools are not known are in none', () => {
  assert.deepEqual(poolMatrices([server('db140', null)]), [])
})
