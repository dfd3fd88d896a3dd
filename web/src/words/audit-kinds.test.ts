import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { auditKindWords } from './audit-kinds.ts'

const engine = join(import.meta.dirname, '../../../src/engine')
const sources = readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))

test('every kind of audit that the engine writes by name is called something in Chinese', () => {
  const kinds = new Set(sources.flatMap(name => [...readFileSync(join(engine, name), 'utf8').matchAll(/audit(?:\.write)?\('([a-z][a-z-]+)'/g)].map(([, kind]) => kind ?? '')))
  assert.ok(kinds.size >= 10, [...kinds].join(' '))
  for (const kind of kinds) assert.match(auditKindWords(kind, 'zh') ?? '', /\p{Script=Han}/u, kind)
  assert.equal(auditKindWords('begin-downtime', 'en'), null)
  assert.equal(auditKindWords('nobody-knows', 'zh'), null)
})
