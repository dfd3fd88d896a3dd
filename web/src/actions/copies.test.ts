import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from '../drawing/example-servers.ts'
import { copiesOf } from './copies.ts'

test('of a server its name, the address of its page and a command can be taken along, below whatever prefix the page stands', () => {
  const db = { ...server('db141', null), key: 'db141:3307', host: 'db141', port: 3307 }
  assert.deepEqual(copiesOf(db, 'https://ops.example/orc/web/').map(({ text }) => text), [
    'db141:3307', 'https://ops.example/orc/web/server/db141/3307', 'orchestrator -c instance-status -i db141:3307',
  ])
})
