import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { declaredSettings } from '../../scripts/documents/setting-slices.ts'
import { keys } from '../../src/config/keys.ts'
import { loadSettings } from '../../src/config/load-settings.ts'

const table: Readonly<Record<string, { readonly default: unknown }>> = keys

test('a part reads only settings that the table of keys knows', async () => {
  const unknown = (await declaredSettings()).filter(({ key }) => !(key in table)).map(({ key, file }) => `${key} in ${file}: add it to src/config/own-keys.ts`)
  assert.deepEqual(unknown, [])
})

test('what a part takes for the default is the default', async () => {
  const loaded = loadSettings({ workingDirectory: tmpdir(), environment: {} })
  assert.ok(loaded.ok)
  const effective: Readonly<Record<string, unknown>> = loaded.value.settings
  const differing = (await declaredSettings()).filter(({ key, default: value }) => {
    const same = (other: unknown): boolean => JSON.stringify(other ?? []) === JSON.stringify(value ?? []) // a list that is not set is an empty one
    return key in table && !same(table[key]?.default) && !same(effective[key])
  })
  assert.deepEqual(differing.map(({ key, file, default: value }) => `${key} in ${file}: ${JSON.stringify(value)}`), [])
})
