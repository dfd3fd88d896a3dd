import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyList, type SettingKey } from '../config/keys.ts'
import { restartKeys } from '../config/restart-keys.ts'
import { defaultDraft, type Settings } from '../config/settings.ts'
import { buildEngine } from './engine.ts'

const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }

/** Notes by whom each setting was asked for. */
function watched(settings: Settings): { readonly settings: Settings; readonly asked: Map<SettingKey, string> } {
  const asked = new Map<SettingKey, string>()
  const noting = {}
  for (const [key] of keyList) {
    const get = (): unknown => {
      const by = (new Error().stack ?? '').split('\n').slice(2).map(line => line.trim()).find(line => !/setting\.ts|Array\.map|node:/.test(line)) ?? ''
      asked.set(key, by)
      return settings[key]
    }
    Object.defineProperty(noting, key, { enumerable: true, get })
  }
  return { settings: noting as Settings, asked } // a property of each key
}

test('no part takes a setting while it is built, for it would miss what a reload changes, but for those of which it is said that they need a restart', async () => {
  const { settings, asked } = watched({ ...defaultDraft(), BackendDB: 'sqlite', SQLite3DataFile: ':memory:' })
  const built = await buildEngine({ settings, log, command: '-c test' })
  assert.ok(built.ok)
  const taken = [...asked].filter(([key]) => !restartKeys.has(key)).map(([key, by]) => `${key} ${by}`)
  await built.value.close()
  assert.ok(asked.size > 20, 'nothing was asked for: the test sees nothing')
  assert.deepEqual(taken, [])
})
