import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from './sources.ts'

interface Locked {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

test('the lock file holds every optional package of its packages, else a clean install is refused', () => {
  const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'))
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(name => !lock.packages[`${path}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`]).map(name => `${path} → ${name}`))
  assert.deepEqual(missing, [])
})
