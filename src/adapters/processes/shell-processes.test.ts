import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { ShellProcesses } from './shell-processes.ts'

const processes = new ShellProcesses(process.env)
const base = { shell: 'bash', args: [], environment: {}, stdin: '', timeoutMilliseconds: 10_000 }

test('a command of several lines runs with its environment, arguments and input, stdout and stderr together', async () => {
  const result = await processes.run({
    ...base, text: 'echo "$ORC_FAILED_HOST $1"\necho second >&2\ncat', args: ['a b'], environment: { ORC_FAILED_HOST: `it's` }, stdin: '{"event":1}',
  })
  assert.equal(result.exitCode, 0)
  assert.match(result.output, /it's a b\n/)
  assert.match(result.output, /second\n/)
  assert.match(result.output, /\{"event":1\}/)
})

test('the exit code of a failing command is told and its temporary file is gone', async () => {
  const result = await processes.run({ ...base, text: 'echo "$0"; exit 3' })
  assert.equal(result.exitCode, 3)
  assert.match(result.output, /orchestrator-process-cmd-/)
  const folder = result.output.trim().split('/').at(-2)
  assert.ok(folder !== undefined && !(await readdir(tmpdir())).includes(folder))
})

test('a shell that does not exist is a start failure', async () => {
  const result = await processes.run({ ...base, shell: 'no-such-shell-here', text: 'true' })
  assert.equal(result.exitCode, null)
  assert.match(result.startFailure ?? '', /ENOENT/)
})

test('a command that hangs is ended with its children when its time is over', async () => {
  const result = await processes.run({ ...base, text: 'trap "" TERM\nsleep 300 & echo "child $!"\nwait\nsleep 300', timeoutMilliseconds: 200 })
  assert.equal(result.timedOut, true)
  assert.equal(result.signal, 'SIGKILL')
  assert.ok(result.durationMilliseconds < 5000)
  // Nobody may have collected the orphan yet: gone or a zombie is ended.
  const child = /child (\d+)/.exec(result.output)?.[1] ?? ''
  const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => 'State:\tZ')
  assert.match(status, /State:\s+Z/)
})

test('a background child that keeps the output open does not delay the answer', async () => {
  const result = await processes.run({ ...base, text: 'sleep 3 & echo done' })
  assert.equal(result.exitCode, 0)
  assert.equal(result.output, 'done\n')
  assert.ok(result.durationMilliseconds < 2500)
})

test('output beyond the bound and bytes that are not UTF-8 do no harm', async () => {
  const result = await processes.run({ ...base, text: String.raw`printf '\xff\xfe ok\n'; head -c 1000000 /dev/zero | tr '\0' x` })
  assert.equal(result.exitCode, 0)
  assert.match(result.output, /^�+ ok\n/)
  assert.ok(result.output.length < 300_000)
  assert.match(result.output, /more bytes were dropped$/)
})

test('a command that does not read its input is not disturbed by it', async () => {
  const result = await processes.run({ ...base, text: 'exec <&-; exit 0', stdin: 'x'.repeat(1_000_000) })
  assert.equal(result.exitCode, 0)
})
