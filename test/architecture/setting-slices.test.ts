import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { declaredSettings } from '../../scripts/documents/setting-slices.ts'
import { readersOf } from '../../scripts/documents/settings-page.ts'
import { withoutEffect } from '../../scripts/documents/without-effect.ts'
import { keyList, keys } from '../../src/config/keys.ts'
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

test('every setting is read by some part, but for those that are listed with what stands instead', async () => {
  const read = Map.groupBy(await declaredSettings(), ({ key }) => key)
  const unread = keyList.filter(([key, facts]) => readersOf(key, facts, read).length === 0 && !(key in withoutEffect)).map(([key]) => key)
  assert.deepEqual(unread, [], 'read them in some settings.ts, or say in scripts/documents/without-effect.ts what stands instead')
})
