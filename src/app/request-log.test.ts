import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goDuration, requestLog } from './request-log.ts'

const asked = { id: 'a1-1', method: 'GET', path: '/api/clusters?x=1', from: '10.0.0.1:5000' }

test('requests are written as the original writes them', () => {
  const lines: string[] = []
  const log = requestLog('text', { now: () => 0 }, line => void lines.push(line))
  log.begun(asked)
  log.answered({ ...asked, status: 200, milliseconds: 0.892952 })
  log.begun({ ...asked, path: '/a\n[martini] Started GET /forged for 1.2.3.4' })
  assert.deepEqual(lines, [
    '[martini] Started GET /api/clusters?x=1 for 10.0.0.1:5000\n', '[martini] Completed 200 OK in 892.952µs\n',
    '[martini] Started GET /a?[martini] Started GET /forged for 1.2.3.4 for 10.0.0.1:5000\n',
  ])
})

test('as JSON each request is one object with the id that its answer carries', () => {
  const lines: string[] = []
  const log = requestLog('json', { now: () => Date.UTC(2026, 10, 23) }, line => void lines.push(line))
  log.begun(asked)
  log.answered({ ...asked, status: 404, milliseconds: 1.23456 })
  assert.deepEqual(lines.map(line => JSON.parse(line) as unknown), [
    { time: '2026-11-23T00:00:00.000Z', level: 'info', message: 'request', request: 'a1-1', method: 'GET', path: '/api/clusters?x=1', from: '10.0.0.1:5000', status: 404, milliseconds: 1.235 },
  ])
})

test('durations are written as Go writes them', () => {
  const shown = new Map([[0, '0s'], [0.0005, '500ns'], [0.892952, '892.952µs'], [0.9, '900µs'], [1, '1ms'], [1.234567, '1.234567ms'], [2500, '2.5s'], [60_000, '1m0s'], [3_661_500, '1h1m1.5s']])
  for (const [milliseconds, text] of shown) assert.equal(goDuration(milliseconds), text)
})
