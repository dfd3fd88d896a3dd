import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userGroups } from './user-groups.ts'

test('groups are those of the operating system, and nobody and nonsense are in none', async () => {
  const groupsOf = userGroups({ monotonic: () => 0 })
  assert.ok((await groupsOf('root')).includes('root'))
  for (const user of ['', 'no-such-user-here', '--help', 'root; id', '$(id)', 'root\0', 'x'.repeat(300)]) assert.deepEqual(await groupsOf(user), [], user)
})
