import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from './en.ts'
import { durationIn } from './format.ts'
import { fill } from './say.ts'
import { zh } from './zh.ts'

function flatten(tree: object, path = ''): Map<string, string> {
  return new Map(Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? [...flatten(value, `${path}${key}.`)] : [[`${path}${key}`, String(value)] as const]))
}

const english = flatten(en)
const chinese = flatten(zh)
const placeholders = (text: string): string => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).toSorted().join(' ')

test('English and Chinese have the same keys', () => {
  assert.deepEqual([...chinese.keys()].toSorted(), [...english.keys()].toSorted())
})

test('every sentence has the same values in both languages and none is empty', () => {
  for (const [key, text] of english) {
    const translated = chinese.get(key) ?? ''
    assert.notEqual(text.trim(), '', key)
    assert.notEqual(translated.trim(), '', key)
    assert.equal(placeholders(translated), placeholders(text), key)
  }
})

test('Chinese sentences are Chinese, except names, codes and MySQL words', () => {
  const kept = new Set(['card.number', 'card.pseudoGtid', 'link.lag', 'link.crosses', 'clusters.statusCount', 'clusters.recovered', 'panel.tls', 'panel.gtid', 'panel.uuid',
    'list.gtid', 'menu.groupOther', 'method.gtid', 'method.mariadb-gtid', 'discover.found', 'problems.witnessSelf', 'tray.by', 'statusPage.megabytes', 'recoveries.acknowledgedBy'])
  const notChinese = [...chinese].filter(([key, text]) => !/\p{Script=Han}/u.test(text) && !kept.has(key)).map(([key]) => key)
  assert.deepEqual(notChinese, [])
})

test('every plural has both its forms', () => {
  for (const key of english.keys()) if (key.endsWith('_one')) assert.ok(english.has(key.replace(/_one$/, '_other')), key)
})

test('durations have at most two units and never round up', () => {
  const units = { d: ' d', h: ' h', min: ' min', s: ' s' }
  assert.deepEqual([0, 59.9, 60, 260, 11_100, 360_000].map(seconds => durationIn(seconds, units)), ['0 s', '59 s', '1 min', '4 min 20 s', '3 h 5 min', '4 d 4 h'])
})

test('named values are filled in and a value that was not sent stays visible', () => {
  assert.equal(fill('{{a}} 与 {{b}}', { a: 1 }), '1 与 {{b}}')
})
