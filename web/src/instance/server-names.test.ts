import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameIn, namesOf } from './server-names.ts'

const at = (key: string, alias = ''): { key: string; host: string; alias: string } => ({ key, host: key.slice(0, key.lastIndexOf(':')), alias })

test('servers are called by their aliases, unless two have the same one', () => {
  const { nameOf } = namesOf([at('127.0.0.1:1', 'db140'), at('127.0.0.1:2', 'db141'), at('127.0.0.1:3', 'twin'), at('127.0.0.1:4', 'twin')])
  assert.deepEqual(['127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3'].map(nameOf), ['db140', 'db141', '127.0.0.1:3'])
})

test('who prefers hosts to aliases sees them short, or whole', () => {
  const members = [at('db1.example:3306', 'orders'), at('db2.example:3306', 'carts')]
  assert.deepEqual(members.map(({ key }) => namesOf(members, '', 'short').nameOf(key)), ['db1', 'db2'])
  assert.deepEqual(members.map(({ key }) => namesOf(members, '', 'host').nameOf(key)), ['db1.example:3306', 'db2.example:3306'])
  assert.equal(nameIn('db1.example:3306 is dead', namesOf(members, '', 'host')), 'db1.example:3306 is dead')
})

test('a text that settings leave out of host names is left out, but for a host that is nothing else', () => {
  const { nameOf } = namesOf([at('mysql-prod-a:3306'), at('mysql-prod-b:3307'), at('mysql-prod-:3306'), at('mysql-prod-c:3306', 'main')], 'mysql-prod-')
  assert.deepEqual(['mysql-prod-a:3306', 'mysql-prod-b:3307', 'mysql-prod-:3306', 'mysql-prod-c:3306', 'mysql-prod-d:1'].map(nameOf), ['a:3306', 'b:3307', 'mysql-prod-:3306', 'main', 'd:1'])
})

test('a sentence calls servers as the page does, and never cuts a longer key', () => {
  const names = namesOf([at('db1.example:3306'), at('db2.example:3306')])
  assert.equal(
    nameIn('Make db1.example:3306 a replica of db2.example:3306, not of xdb1.example:3306 or db1.example:33061', names),
    'Make db1 a replica of db2, not of xdb1.example:3306 or db1.example:33061',
  )
})
