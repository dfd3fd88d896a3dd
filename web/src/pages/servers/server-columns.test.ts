import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from '../../drawing/example-servers.ts'
import { csvOf } from '../../ui/csv.ts'
import { serversFile } from './server-columns.ts'

test('in a file an unknown lag is empty, never 0, and codes stand in place of words', () => {
  const known = server('db141', 'db140', 'replicating', { tags: ['role=backup', 'old'] })
  const unknown = server('db142', 'db140', 'lag-unknown', known.replication === null ? {} : { replication: { ...known.replication, lagSeconds: null } })
  const [, first, second] = csvOf(serversFile([known, unknown], () => 'shop')).split('\r\n')
  assert.match(first ?? '', /^db141:3306,,db140:3306,shop,replica,db140:3306,replicating,0,yes,.*,role=backup old,,$/)
  assert.match(second ?? '', /,lag-unknown,,yes,/)
})
