import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOnly, sourcesBelow } from './sources.ts'

const impure = [/\basync\b/, /\bawait\b/, /\bDate\b/, /\bMath\.random\b/, /\bprocess\b/, /\bset(?:Timeout|Interval|Immediate)\b/, /\bPromise\b/, /\bperformance\b/, /\bglobalThis\b/, /\bconsole\b/]

test('the model has no clock, no randomness, no waiting and no world', () => {
  const found: string[] = []
  for (const source of sourcesBelow('src/model')) {
    if (source.path.endsWith('.test.ts')) continue
    codeOnly(source.text).split('\n').forEach((line, index) => {
      for (const pattern of impure) if (pattern.test(line)) found.push(`${source.path}:${index + 1} ${pattern.source}: ${line.trim()}`)
    })
  }
  assert.deepEqual(found, [])
})

/** The edges that promise the original's words (docs/architecture.md); everywhere else the field's own terms are used. */
const edges = [
  /^src\/adapters\/mysql\//, /^src\/adapters\/store\//, /^src\/http\//, /^src\/cli\//, /^src\/contract\//, /^src\/config\//, /settings\.ts$/, /\.test\.ts$/,
]

test('the words master and slave stand only at the edges that promise them', () => {
  const found: string[] = []
  for (const source of sourcesBelow('src')) {
    if (edges.some(edge => edge.test(source.path))) continue
    codeOnly(source.text).split('\n').forEach((line, index) => {
      if (/master|slave(?![-_]?pos)/i.test(line)) // MariaDB's own name for a GTID position stays
        found.push(`${source.path}:${index + 1}: ${line.trim()}`)
    })
  }
  assert.deepEqual(found, [])
})

test('every folder of the source says in a README what it is for', async () => {
  const { existsSync } = await import('node:fs')
  const { join, dirname } = await import('node:path')
  const { projectRoot } = await import('./sources.ts')
  const folders = new Set(sourcesBelow('src').map(source => dirname(source.path)).filter(folder => folder.split('/').length <= 3 && folder !== 'src' && !folder.endsWith('internal')))
  const missing = [...folders].filter(folder => !existsSync(join(projectRoot, folder, 'README.md')) && !existsSync(join(projectRoot, dirname(folder), 'README.md')))
  assert.deepEqual(missing, [])
})
