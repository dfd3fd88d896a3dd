import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot, sourcesBelow } from './sources.ts'

/** What a module brings along when it is loaded; `import type` and `import(…)` bring nothing. */
const broughtAlong = (path: string): readonly string[] =>
  [...readFileSync(join(projectRoot, path), 'utf8').matchAll(/^import (?!type )(?:[^'"]*? from )?'([^']+)'/gm)].map(([, target = '']) => target)

test('a command that asks no server and has its rows in SQLite does not load what speaks to MySQL', () => {
  const bringing = sourcesBelow('src').filter(({ path }) => !path.endsWith('.test.ts') && broughtAlong(path).some(target => /^mysql2(\/|$)|\/open-mysql\.ts$/.test(target)))
  assert.deepEqual(bringing.map(({ path }) => path), ['src/adapters/store/dialects/mysql/open-mysql.ts'])
})
