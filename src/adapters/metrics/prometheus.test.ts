import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Prometheus } from './prometheus.ts'

const table = [
  { name: 'o_things_total', kind: 'counter', says: 'Things.', labels: ['code'] }, { name: 'o_now', kind: 'gauge', says: 'Now.', labels: ['state'] },
  { name: 'o_seconds', kind: 'histogram', says: 'Time.', labels: [], buckets: [0.1, 1] },
] as const

const lines = async (prometheus: Prometheus): Promise<string[]> => (await prometheus.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'))

test('counters add up, histograms have their buckets, and each has its help and type', async () => {
  const prometheus = new Prometheus(table)
  prometheus.note('o_things_total', { code: 'DeadMaster' }, 1)
  prometheus.note('o_things_total', { code: 'DeadMaster' }, 2)
  prometheus.note('o_seconds', {}, 0.5)
  assert.deepEqual(await lines(prometheus), [
    'o_things_total{code="DeadMaster"} 3', 'o_seconds_bucket{le="0.1"} 0', 'o_seconds_bucket{le="1"} 1', 'o_seconds_bucket{le="+Inf"} 1', 'o_seconds_sum 0.5', 'o_seconds_count 1',
  ])
  assert.match(await prometheus.text(), /# HELP o_now Now\.\n# TYPE o_now gauge/)
  assert.match(prometheus.contentType, /^text\/plain; version=0\.0\.4/)
})

test('what is there no more is told no more, and what somebody else counts is told as it stands', async () => {
  const prometheus = new Prometheus(table)
  prometheus.set(['o_now', 'o_things_total'], [{ name: 'o_now', labels: { state: 'a' }, value: 1 }, { name: 'o_things_total', labels: { code: 'x' }, value: 40 }])
  prometheus.set(['o_now', 'o_things_total'], [{ name: 'o_now', labels: { state: 'b' }, value: 2 }, { name: 'o_things_total', labels: { code: 'x' }, value: 41 }])
  assert.deepEqual((await lines(prometheus)).filter(line => !line.startsWith('o_seconds')), ['o_things_total{code="x"} 41', 'o_now{state="b"} 2'])
})

test('values of labels cannot break the text or fill the memory', async () => {
  const prometheus = new Prometheus(table)
  prometheus.note('o_things_total', { code: 'a"b\nc' }, 1)
  assert.ok((await lines(prometheus)).includes('o_things_total{code="a\\"b\\nc"} 1'))
  for (let n = 0; n < 2000; n++) prometheus.note('o_things_total', { code: `${n}${'x'.repeat(1000)}` }, 1)
  const told = (await lines(prometheus)).filter(line => line.startsWith('o_things_total'))
  assert.equal(told.length, 501)
  assert.equal(told.find(line => line.includes('"other"')), `o_things_total{code="other"} ${2000 - 499}`)
  assert.ok(told.every(line => line.length < 200))
})

test('a name that is not in the table is a mistake', () => {
  assert.throws(() => new Prometheus(table).note('o_nothing', {}, 1), /o_nothing/)
  assert.throws(() => new Prometheus(table).note('o_now', { state: 'a' }, 1), /o_now/)
})
