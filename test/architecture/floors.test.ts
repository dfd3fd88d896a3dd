import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourcesBelow } from './sources.ts'

/** Who may import whom (docs/architecture.md). First matching row counts; a file may always import its own folder. */
const floors: readonly { readonly folder: string; readonly may: readonly string[] }[] = [
  { folder: 'src/kit/', may: [] },
  { folder: 'src/model/topology/', may: ['src/kit/'] },
  { folder: 'src/model/recovery/', may: ['src/kit/', 'src/model/topology/', 'src/model/analysis/'] },
  { folder: 'src/model/', may: ['src/kit/', 'src/model/topology/'] },
  { folder: 'src/ports/', may: ['src/kit/', 'src/model/'] },
  { folder: 'src/contract/', may: ['src/kit/', 'src/model/'] },
  { folder: 'src/engine/inventory/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/'] },
  { folder: 'src/engine/consensus/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/'] },
  { folder: 'src/engine/journal/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/', 'src/engine/consensus/', 'src/engine/raft/'] },
  {
    folder: 'src/engine/discovery/',
    may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/', 'src/engine/consensus/', 'src/engine/journal/'],
  },
  { folder: 'src/engine/publication/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/'] },
  { folder: 'src/engine/pseudo-gtid/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/'] },
  { folder: 'src/engine/positions/', may: ['src/kit/', 'src/model/', 'src/ports/'] },
  { folder: 'src/engine/history/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/'] },
  { folder: 'src/engine/agents/', may: ['src/kit/', 'src/model/', 'src/ports/'] },
  { folder: 'src/engine/metrics/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/'] },
  { folder: 'src/engine/raft/', may: ['src/kit/', 'src/model/', 'src/ports/'] },
  { folder: 'src/engine/group/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/raft/', 'src/engine/journal/'] },
  {
    folder: 'src/engine/execution/',
    may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/', 'src/engine/consensus/', 'src/engine/journal/'],
  },
  {
    folder: 'src/engine/recovery/',
    may: [
      'src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/', 'src/engine/consensus/', 'src/engine/journal/',
      'src/engine/discovery/', 'src/engine/execution/',
    ],
  },
  {
    folder: 'src/engine/housekeeping/',
    may: [
      'src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/inventory/', 'src/engine/consensus/', 'src/engine/journal/',
      'src/engine/discovery/', 'src/engine/execution/', 'src/engine/recovery/',
    ],
  },
  { folder: 'src/engine/operations/', may: ['src/kit/', 'src/model/', 'src/ports/', 'src/contract/', 'src/engine/'] },
  { folder: 'src/adapters/', may: ['src/kit/', 'src/model/', 'src/ports/'] },
  { folder: 'src/http/', may: ['src/kit/', 'src/model/', 'src/contract/', 'src/engine/operations/', 'src/engine/consensus/', 'src/ports/'] },
  { folder: 'src/cli/', may: ['src/kit/', 'src/model/', 'src/contract/', 'src/engine/operations/', 'src/ports/'] },
  { folder: 'src/app/', may: ['src/', 'package.json'] },
  { folder: 'src/config/', may: ['src/'] },
  { folder: 'src/main.ts', may: ['src/'] },
  // Beside the program, and much smaller: it is started for each command, and asks a service.
  { folder: 'src/client.ts', may: ['src/cli/', 'src/app/version.ts'] },
  // Two tables of words beside: of them the sentences are made that records keep.
  { folder: 'web/', may: ['web/', 'src/contract/', 'src/kit/', 'src/model/', 'src/engine/execution/reasons.ts', 'src/engine/recovery/engine-reasons.ts'] },
]

/** A part's own folder: two levels below src for model, engine and adapters, one level elsewhere. */
function ownFolder(path: string): string {
  const depth = /^src\/(model|engine|adapters)\//.test(path) ? 3 : 2
  return path.split('/').slice(0, depth).join('/') + '/'
}

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

test('every import stays on its floor', () => {
  const broken: string[] = []
  for (const source of [...sourcesBelow('src'), ...sourcesBelow('web')]) {
    if (isTest(source.path)) continue
    const floor = floors.find(row => source.path.startsWith(row.folder))
    assert.ok(floor, `${source.path} stands on no floor`)
    for (const { line, target } of source.imports) {
      if (!target.startsWith('src/') && !target.startsWith('web/') && !target.startsWith('test/')) continue
      const allowed = target.startsWith(ownFolder(source.path)) || floor.may.some(prefix => target.startsWith(prefix))
      const settings = target.endsWith('/settings.ts') && source.path.startsWith('src/config/')
      if (!allowed && !settings) broken.push(`${source.path}:${line} may not import ${target}`)
    }
  }
  assert.deepEqual(broken, [])
})

test('model, contract and kit import nothing of Node and no package', () => {
  const broken: string[] = []
  for (const folder of ['src/model', 'src/contract', 'src/kit']) {
    for (const source of sourcesBelow(folder)) {
      if (isTest(source.path)) continue
      for (const { line, target } of source.imports) if (!target.startsWith('src/')) broken.push(`${source.path}:${line} imports ${target}`)
    }
  }
  assert.deepEqual(broken, [])
})

test('only the adapter of MySQL and the store know database drivers', () => {
  const broken = sourcesBelow('src').flatMap(source =>
    source.imports
      .filter(({ target }) => /^(mysql2|mariadb|kysely)(\/|$)/.test(target) && !/^src\/adapters\/(mysql|store)\//.test(source.path))
      .map(({ line, target }) => `${source.path}:${line} imports ${target}`),
  )
  assert.deepEqual(broken, [])
})
