import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type CounterName, figureList, type GaugeName } from '../../contract/figures.ts'
import { Figures, type FigureSources } from './figures.ts'
import { Tally } from './tally.ts'

const gauges = Object.fromEntries(figureList.filter(([, { kind }]) => kind === 'gauge').map(([name]) => [name, () => 7])) as Record<GaugeName, () => number>

const figures = (sources: Partial<FigureSources> = {}): Figures => new Figures({ tally: new Tally(), hasDeadQueue: false, gauges, counters: {}, ...sources })

test('the names are those that the original had on /debug/metrics', () => {
  const recorded = JSON.parse(readFileSync(new URL('../../../test/fixtures/golden/metrics/debug-metrics.json', import.meta.url), 'utf8')) as Record<string, unknown>
  const names = Object.keys(recorded).filter(name => name !== 'cmdline' && name !== 'memstats').sort()
  assert.equal(names.length, 39)
  assert.deepEqual([...figures().all().keys()], names)
})

test('the queue of dead servers has its figure only where there is one', () => {
  assert.ok(!figures().all().has('discoveries.dead_instances_queue_length'))
  assert.equal(figures({ hasDeadQueue: true }).all().get('discoveries.dead_instances_queue_length'), 7)
})

test('every counter begins at 0, moves alone, and is asked of whoever keeps it', () => {
  const counters = figureList.filter(([, { kind }]) => kind === 'counter').map(([name]) => name as CounterName)
  for (const moved of counters) {
    const tally = new Tally()
    tally.count(moved)
    tally.count(moved, 2)
    const all = figures({ tally }).all()
    for (const name of counters) assert.equal(all.get(name), name === moved ? 3 : 0, `${name} when ${moved} moves`)
  }
  assert.equal(figures({ counters: { 'discoveries.attempt': () => 12 } }).all().get('discoveries.attempt'), 12)
})
