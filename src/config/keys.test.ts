import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { keyList, keys, lookUpKey } from './keys.ts'
import { ownKeys } from './own-keys.ts'
import { legacyKeys } from './legacy-keys.ts'

interface ContractKey {
  readonly key: string
  readonly type: string
  readonly default: unknown
  readonly legacy?: boolean
  readonly secret?: boolean
  readonly synonymOf?: string
}

const contract = JSON.parse(readFileSync(new URL('../../test/fixtures/config/contract-keys.json', import.meta.url), 'utf8')) as readonly ContractKey[] // a copy of the contract's facts
const typeNames: Readonly<Record<string, string>> = {
  boolean: 'boolean', string: 'text', 'array of strings': 'texts', 'unsigned integer': 'unsigned', integer: 'integer', '32-bit integer': 'integer',
  '64-bit integer': 'integer', number: 'number', 'object (string to string)': 'map',
}

test('the table holds every key of the contract with its type, default, synonym and secrecy, and no other but our own', () => {
  assert.equal(contract.length, 220)
  const stated = keyList.filter(([key]) => !(key in ownKeys)).map(([key, facts]) => [key, facts.type, facts.default, facts.secret ?? false, facts.synonymOf ?? null])
  const expected = contract
    .filter(({ legacy }) => !legacy)
    .map(row => [row.key, typeNames[row.type], row.default ?? [], row.secret ?? false, row.synonymOf ?? null])
  assert.deepEqual(stated, expected)
  // One of the legacy keys has its effect again.
  assert.deepEqual(['DatabaselessMode__experimental', ...Object.keys(legacyKeys)], contract.filter(({ legacy }) => legacy).map(({ key }) => key))
})

test('an older name points at a key that exists', () => {
  for (const [key, facts] of keyList) if (facts.synonymOf !== undefined) assert.ok(facts.synonymOf in keys, key)
})

test('a key is known in any letter case', () => {
  const found = lookUpKey('mysqltopologyuser')
  assert.ok(found.found === 'setting')
  assert.equal(found.key, 'MySQLTopologyUser')
  assert.equal(lookUpKey('slavestartpostwaitmilliseconds').found, 'legacy')
})

test('the nearest known key is named for a slip of the pen, and none for another word', () => {
  const nearest = (written: string): string | null => {
    const found = lookUpKey(written)
    assert.ok(found.found === 'nothing')
    return found.nearest
  }
  assert.equal(nearest('InstancePolSeconds'), 'InstancePollSeconds')
  assert.equal(nearest('RecoverMasterClusterFilter'), 'RecoverMasterClusterFilters')
  assert.equal(nearest('MySQLTopologyUsr'), 'MySQLTopologyUser')
  assert.equal(nearest('FavouriteColour'), null)
})
