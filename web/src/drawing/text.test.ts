import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, shop } from './example-servers.ts'
import { grow } from './forest.ts'
import { textOf } from './text.ts'

const whole = { foldAlike: false, opened: new Set<string>(), toggled: new Set<string>() }

test('each server is one line below its source, with its facts in columns', () => {
  const words = { server: (each: (typeof shop)[number]) => [each.host, each.statuses[0]?.code ?? '', 'ROW'], ghost: (name: string) => `? ${name}` }
  assert.equal(
    textOf(grow([...shop, server('lost', 'elsewhere', 'lag')], whole), words),
    [
      'db140        writable     ROW',
      '├─ db141     replicating  ROW',
      '│  └─ db143  replicating  ROW',
      '└─ db142     replicating  ROW',
      '? elsewhere:3306',
      '└─ lost      lag          ROW',
    ].join('\n'),
  )
})

test('columns stay in line beside Chinese words', () => {
  const words = { server: (each: (typeof shop)[number]) => [each.host, each.host === 'db140' ? '可写' : 'lag', 'x'], ghost: String }
  const lines = textOf(grow(shop.slice(0, 2), whole), words).split('\n')
  assert.equal(lines[0], 'db140     可写  x')
  assert.equal(lines[1], '└─ db141  lag   x')
})
