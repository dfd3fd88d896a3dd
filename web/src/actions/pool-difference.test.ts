import assert from 'node:assert/strict'
import { test } from 'node:test'
import { poolDifference, serversIn } from './pool-difference.ts'

test('servers are read from lines, commas and blanks, each once', () => {
  assert.deepEqual(serversIn(' db1:3306,\n db2:3306  db1:3306;db3 '), ['db1:3306', 'db2:3306', 'db3'])
  assert.deepEqual(serversIn(' \n'), [])
})

test('what stays, comes and goes is told apart, and whom nobody knows', () => {
  const known = ['db1:3306', 'db2:3306', 'db3:3306', 'db3:3307']
  assert.deepEqual(poolDifference(['db1:3306', 'db2:3306'], ['db2', 'db3:3307', 'db9:3306', 'db3'], known), {
    stays: ['db2:3306'], added: ['db3:3307', 'db9:3306', 'db3'], removed: ['db1:3306'], unknown: ['db9:3306', 'db3'],
  })
  assert.deepEqual(poolDifference(['db1:3306'], [], known).removed, ['db1:3306'])
})
