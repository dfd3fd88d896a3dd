import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogLevel } from '../../ports/log.ts'
import { systemClock } from './clock.ts'
import { localTime } from './local-time.ts'
import { type LogFormat, LogWriter } from './log-writer.ts'
import { systemNames } from './names.ts'
import { systemRandom } from './random.ts'

const at = Date.UTC(2026, 10, 22, 5, 55, 26)

function written(least: LogLevel, act: (log: LogWriter) => void, format: LogFormat = 'text', alsoTo: (level: LogLevel, text: string) => void = () => undefined): string[] {
  const lines: string[] = []
  act(new LogWriter({ least, format, alsoTo, write: line => void lines.push(line), clock: { now: () => at } }))
  return lines
}

test('a line has time, level, message and facts, and levels below the least are left out', () => {
  assert.deepEqual(written('info', log => {
    log.debug('too small')
    log.info('read', { server: 'db1:3306', milliseconds: 3, text: 'a "quoted" text', absent: undefined, nothing: null })
  }), [`${localTime(at)} INFO read server=db1:3306 milliseconds=3 text="a \\"quoted\\" text" nothing=null\n`])
})

test('nothing that a server sends can begin a second line', () => {
  const [line] = written('debug', log => log.error('bad\nworse', { text: 'x\r\n2026-11-22 INFO forged\u001b[31m' }))
  assert.equal(line, `${localTime(at)} ERROR bad worse text="x  2026-11-22 INFO forged?[31m"\n`)
})

test('time is local time, or that of TZ', () => {
  const before = process.env['TZ']
  try {
    process.env['TZ'] = 'Asia/Shanghai'
    assert.equal(localTime(at), '2026-11-22 13:55:26')
    process.env['TZ'] = 'UTC'
    assert.equal(localTime(at), '2026-11-22 05:55:26')
  } finally {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  }
})

const levels: readonly LogLevel[] = ['debug', 'info', 'warning', 'error']
for (const least of levels) {
  test(`from the level ${least} on everything is written, and to the system's log what is info or worse of that`, () => {
    const also: string[] = []
    const lines = written(least, log => { for (const level of levels) log.line(level, level, { n: 1 }) }, 'text', (level, text) => void also.push(`${level} ${text}`))
    const wanted = levels.slice(levels.indexOf(least))
    assert.deepEqual(lines, wanted.map(level => `${localTime(at)} ${level.toUpperCase()} ${level} n=1\n`))
    assert.deepEqual(also, wanted.filter(level => level !== 'debug').map(level => `${level} ${level} n=1`))
  })
}

test('as JSON each line is one object, and no fact hides time, level or message', () => {
  const [line = ''] = written('info', log => log.warning('a\nb', { server: 'db1:3306', count: 2, level: 'forged', absent: undefined }), 'json')
  assert.equal(line.indexOf('\n'), line.length - 1)
  assert.deepEqual(JSON.parse(line), { time: '2026-11-22T05:55:26.000Z', level: 'warning', message: 'a\nb', server: 'db1:3306', count: 2, fact_level: 'forged' })
})

test('a sleep ends with its signal, at once when it was aborted before', async () => {
  const stop = new AbortController()
  const begun = performance.now()
  const asleep = systemClock.sleep(10_000, stop.signal)
  stop.abort()
  await asleep
  await systemClock.sleep(10_000, stop.signal)
  assert.ok(performance.now() - begun < 1_000)
})

test('a timer that was cancelled does not go off', async () => {
  let fired = 0
  systemClock.after(1, () => { fired++ })
  systemClock.after(1, () => { fired += 10 })()
  await systemClock.sleep(30)
  assert.equal(fired, 1)
})

test('random text is as long as asked, and a fraction is below 1', () => {
  assert.match(systemRandom.hex(16), /^[0-9a-f]{32}$/)
  for (let n = 0; n < 100; n++) assert.ok(systemRandom.fraction() >= 0 && systemRandom.fraction() < 1)
})

test('a local name is its own canonical name and has an address; an unknown one is a failure with a code', async () => {
  assert.equal(await systemNames.canonicalName('localhost'), 'localhost')
  const { ipv4, ipv6 } = await systemNames.addresses('localhost')
  assert.ok(ipv4 === '127.0.0.1' || ipv6 === '::1')
  await assert.rejects(systemNames.addresses('no-such-host.invalid'), { code: 'ENOTFOUND' })
})
