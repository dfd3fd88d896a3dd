import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { helpFile, helpPages } from './help-pages.ts'

const documentation = join(import.meta.dirname, '../../../../docs')

test('every page of help is a file of the documentation, in both languages, and every such file is offered', () => {
  const offered = new Set(['en', 'zh'].flatMap(language => helpPages.map(page => helpFile(page, language))))
  for (const file of offered) assert.ok(existsSync(join(documentation, file)), file)
  const written = readdirSync(documentation, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md') && !name.startsWith('decisions/'))
  assert.deepEqual(written.toSorted(), [...offered].toSorted())
})
