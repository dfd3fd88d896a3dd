import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyList } from '../../../src/config/keys.ts'
import { zhSettings } from './zh-settings.ts'

test('every setting of the program is explained in Chinese, and none that there is not', () => {
  assert.deepEqual(Object.keys(zhSettings).toSorted(), keyList.map(([key]) => key).toSorted())
  for (const [key, says] of Object.entries(zhSettings)) assert.match(says, /\p{Script=Han}.*[。）]$/u, key)
})

test('a name, a word in quotes or a number that the English sentence names is in the Chinese one, too', () => {
  for (const [key, { says }] of keyList) {
    const named = [...says.matchAll(/\b[A-Z][a-z]+(?:[A-Z][a-z]*){1,}\b|\$\{\w+\}|--[\w-]+|\b\w+_\w+\b|\b\d{2,}\b/g)].map(([word]) => word)
    assert.deepEqual(named.filter(word => !(zhSettings[key] ?? '').includes(word)), [], key)
  }
})
