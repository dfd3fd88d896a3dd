import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from './en.ts'
import { durationIn } from './format.ts'
import { enReasons } from './en-reasons.ts'
import { findingTitles } from './findings.ts'
import { wordsFor } from './reason-words.ts'
import { neededWords } from './needed.ts'
import { zh } from './zh.ts'
import { zhReasons } from './zh-reasons.ts'
import { failures } from '../../../src/model/analysis/failures.ts'
import { structureWarnings } from '../../../src/model/analysis/warnings.ts'
import { refusals } from '../../../src/model/planning/refusals.ts'

function flatten(tree: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null ? [...flatten(value, `${path}${key}.`)] : [[`${path}${key}`, String(value)] as const],
    ),
  )
}

const english = flatten(en)
const chinese = flatten(zh)
const placeholders = (text: string): string =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map(match => match[1])
    .toSorted()
    .join(' ')

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
  const kept = new Set([
    'card.number',
    'card.pseudoGtid',
    'link.lag',
    'link.crosses',
    'clusters.statusCount',
    'clusters.recovered',
    'panel.tls',
    'panel.gtid',
    'panel.uuid',
    'list.gtid',
    'menu.groupOther',
    'menu.gtid',
    'rule.done',
    'method.gtid',
    'method.mariadb-gtid',
    'discover.found',
    'problems.witnessSelf',
    'tray.by',
    'statusPage.megabytes',
    'statusWork.timesPair',
    'frameMore.moreToasts',
    'frameMore.stop',
    'statusWork.chartAt',
    'recoveries.acknowledgedBy',
  ])
  const notChinese = [...chinese].filter(([key, text]) => !/\p{Script=Han}/u.test(text) && !kept.has(key)).map(([key]) => key)
  assert.deepEqual(notChinese, [])
})

test('every plural has both its forms', () => {
  for (const key of english.keys()) if (key.endsWith('_one')) assert.ok(english.has(key.replace(/_one$/, '_other')), key)
})

test('durations have at most two units and never round up', () => {
  const units = { d: ' d', h: ' h', min: ' min', s: ' s' }
  assert.deepEqual(
    [0, 59.9, 60, 260, 11_100, 360_000].map(seconds => durationIn(seconds, units)),
    ['0 s', '59 s', '1 min', '4 min 20 s', '3 h 5 min', '4 d 4 h'],
  )
})

test('a reason takes the first words whose values were all sent, and none when some are missing', () => {
  const table = { busy: ['{{a}} 与 {{b}}', '只有 {{a}}'], one: '{{c}}' }
  assert.equal(wordsFor(table, 'busy', { a: 1, b: 2 }), '1 与 2')
  assert.equal(wordsFor(table, 'busy', { a: 1 }), '只有 1')
  assert.equal(wordsFor(table, 'one', { a: 1 }), null)
  assert.equal(wordsFor(table, 'unknown', {}), null)
})

test('every refusal of a move has Chinese words that use no value the server does not send', () => {
  for (const [code, { says }] of Object.entries(refusals)) {
    // What only hands on the words of another reason has none of its own.
    if (/^\{\w+\}$/.test(says)) continue
    const sent = Object.fromEntries([...says.matchAll(/\{(\w+)\}/g)].map(match => [match[1], 'x']))
    assert.notEqual(wordsFor(zhReasons, code, sent), null, code)
    if (code in enReasons) assert.notEqual(wordsFor(enReasons, code, sent), null, code)
  }
})

test('every failure and every structure warning has a title in both languages', () => {
  for (const { code } of [...failures, ...structureWarnings]) {
    assert.equal(findingTitles[code]?.length, 2, code)
    assert.match(findingTitles[code]?.[1] ?? '', /\p{Script=Han}/u, code)
  }
})

test('what a refusal would need is said in both languages with the same values, of codes that exist', () => {
  const rules = ['source-no-binlog', 'source-no-log-updates', 'lower-version', 'binlog-format', 'filters', 'same-server-id', 'same-server-uuid', 'sql-delay']
  const known = new Set([...Object.keys(refusals), ...rules])
  for (const [code, [english_, chinese_]] of Object.entries(neededWords)) {
    assert.ok(known.has(code), code)
    assert.equal(placeholders(chinese_), placeholders(english_), code)
    assert.match(chinese_, /\p{Script=Han}/u, code)
  }
})
