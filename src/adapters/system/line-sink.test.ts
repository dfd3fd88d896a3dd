import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

const sink = new URL('line-sink.ts', import.meta.url).href

test('a reader who stands still makes nobody wait: what is too much is dropped, counted, and told when it is read again', { timeout: 60_000 }, async () => {
  const program = `
    import { LineSink } from ${JSON.stringify(sink)}
    const sink = new LineSink(1)
    for (let n = 0; n < 60000; n++) sink.write('line ' + n + ' ' + 'x'.repeat(50) + '\\n')
    process.stderr.write('written\\n')
    process.stdin.once('data', async () => { sink.write('last\\n'); await sink.close(); sink.write('after\\n'); await sink.close(); process.exit(0) })`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: ['pipe', 'pipe', 'pipe'] })
  let warned = ''
  child.stderr.on('data', (chunk: Buffer) => (warned += chunk.toString('utf8')))
  while (!warned.includes('written')) await once(child.stderr, 'data')
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
    if (text.includes('dropped here') && child.stdin.writable) child.stdin.end('go\n')
  })
  setTimeout(() => child.stdin.writable && child.stdin.end('go\n'), 1500).unref()
  await once(child, 'close')
  const lines = text.split('\n')
  const whole = lines.filter(line => /^line \d+ x{50}$/.test(line))
  const dropped = Number(/^(\d+) lines were dropped here/m.exec(text)?.[1] ?? 0)
  assert.ok(dropped > 0, 'something was dropped')
  assert.equal(whole.length + dropped, 60_000)
  assert.ok(lines.includes('last') && lines.includes('after'))
})
