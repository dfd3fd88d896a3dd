import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperationView } from '../../../src/contract/views.ts'
import { moving, movingIn, tellMoving } from './moving.ts'

const operation = (state: OperationView['state'], ...steps: readonly (readonly [server: string, action: string])[]): OperationView => ({
  number: 1, name: 'relocate', says: { code: '', parameters: {}, text: '' }, by: '', startedAt: 0, endedAt: null, state, failure: null, servers: [],
  steps: steps.map(([server, action], index) => ({ number: index + 1, server, action, state: 'waiting', milliseconds: null, failure: null })),
})

test('who is given another source by an operation that runs is moving, until that ends', () => {
  const running = operation('running', ['b', 'stop-receiver'], ['b', 'change-source'], ['c', 'set-read-only'])
  assert.deepEqual([...movingIn([running])], ['b'])
  assert.deepEqual([...movingIn([operation('done', ['b', 'change-source'])])], [])
})

test('the same again is no change', () => {
  tellMoving([operation('running', ['b', 'change-source'])])
  const told = moving.get()
  tellMoving([operation('running', ['b', 'change-source'])])
  assert.equal(moving.get(), told)
  tellMoving([])
  assert.equal(moving.get().servers.size, 0)
})
