import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterChecks } from '../../../src/model/doctor/cluster-checks.ts'
import { configurationChecks } from '../../../src/model/doctor/configuration-checks.ts'
import { purposes } from '../../../src/model/doctor/privileges.ts'
import { replicationChecks } from '../../../src/model/doctor/replication-checks.ts'
import { serverChecks } from '../../../src/model/doctor/server-checks.ts'
import { zhDoctor, zhDoctorValues } from './zh-doctor.ts'

const checks = [...serverChecks, ...replicationChecks, ...clusterChecks, ...configurationChecks]
const namesIn = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(match => match[1] ?? '').toSorted()
const sent = (text: string): readonly string[] => [...new Set(namesIn(text, /\{(\w+)\}/g))]
const used = (text: string): readonly string[] => [...new Set(namesIn(text, /\{\{(\w+)\}\}/g))]

test('every check of the doctor has Chinese words for what it looks at, what it says and how it is mended, with the same values', () => {
  assert.ok(checks.length > 30)
  for (const { code, texts } of checks) {
    const words = zhDoctor[code]
    assert.ok(words !== undefined, code)
    for (const each of Object.values(words)) assert.match(each, /\p{Script=Han}/u, code)
    assert.deepEqual(used(words.says), sent(texts.says), code)
    assert.deepEqual(used(words.mend), sent(texts.mend), code)
  }
})

test('no words are kept for a check that there is not, and everything a privilege is for has words', () => {
  const codes = new Set<string>(checks.map(({ code }) => code))
  assert.deepEqual(Object.keys(zhDoctor).filter(code => !codes.has(code)), [])
  assert.deepEqual([...purposes, 'ahead', 'behind'].filter(value => zhDoctorValues[value] === undefined), [])
})
