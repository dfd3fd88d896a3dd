import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { changeText, CurrentSettings } from './current-settings.ts'
import { keys } from './keys.ts'
import { loadSettings, type SettingsRequest } from './load-settings.ts'
import { problemText } from './problem.ts'
import { restartKeys } from './restart-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'orchestrator-reload-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const newPath = (): string => join(folder, `settings-${++count}.json`)

function started(content: Readonly<Record<string, unknown>>, rest: SettingsRequest = {}): { readonly current: CurrentSettings; readonly path: string; rewrite(next: unknown): void } {
  const path = newPath()
  const rewrite = (next: unknown): void => writeFileSync(path, typeof next === 'string' ? next : JSON.stringify(next))
  rewrite(content)
  const request = { path, environment: {}, ...rest }
  const loaded = loadSettings(request)
  assert.ok(loaded.ok)
  return { current: new CurrentSettings(loaded.value, request), path, rewrite }
}

const changes = (current: CurrentSettings, also?: string): readonly string[] => {
  const reloaded = current.reload(also)
  assert.ok(reloaded.ok, reloaded.ok ? '' : reloaded.failure.problems.map(problemText).join('\n'))
  return reloaded.value.changes.map(changeText)
}

test('whoever holds the live settings sees what a reload changed, and a listener is told what changed', () => {
  const { current, rewrite } = started({ InstancePollSeconds: 5, RecoverMasterClusterFilters: ['a'], PostFailoverProcesses: ['echo 1'] })
  const { live } = current
  const told: string[] = []
  current.onReload(reloaded => told.push(...reloaded.changes.map(({ key }) => key)))
  rewrite({ InstancePollSeconds: 2, RecoverMasterClusterFilters: ['a'], PostFailoverProcesses: ['echo 2', 'echo 3'] })
  assert.equal(live.InstancePollSeconds, 5)
  assert.deepEqual(changes(current), ['PostFailoverProcesses: ["echo 1"] → ["echo 2","echo 3"]', 'InstancePollSeconds: 5 → 2'].toSorted((left, right) => order(left) - order(right)))
  assert.equal(live.InstancePollSeconds, 2)
  assert.deepEqual(live.PostFailoverProcesses, ['echo 2', 'echo 3'])
  assert.deepEqual(told.toSorted(), ['InstancePollSeconds', 'PostFailoverProcesses'])
  assert.deepEqual(changes(current), [])
})

const order = (text: string): number => Object.keys(keys).indexOf(text.slice(0, text.indexOf(':')))

test('a key that no file gives any more keeps the value it has', () => {
  const { current, rewrite } = started({ InstancePollSeconds: 3 })
  rewrite({})
  assert.deepEqual(changes(current), [])
  assert.equal(current.live.InstancePollSeconds, 3)
})

test('what is read at start only stays in force, and each reload says that the file says otherwise', () => {
  const { current, rewrite } = started({ ListenAddress: ':3000' })
  rewrite({ ListenAddress: ':3100', Debug: true })
  assert.deepEqual(changes(current), ['Debug: false → true', 'ListenAddress: ":3000" → ":3100" (at the next start)'])
  assert.equal(current.live.ListenAddress, ':3000')
  assert.deepEqual(changes(current), ['ListenAddress: ":3000" → ":3100" (at the next start)'])
})

test('a file that cannot be used changes nothing, and the failure says where it is wrong', () => {
  const { current, rewrite } = started({ InstancePollSeconds: 5 })
  let told = 0
  current.onReload(() => told++)
  for (const [content, says] of [
    ['{ "InstancePollSeconds": 2,', /:1:\d+: Cannot read config file/],
    [{ Debug: true, InstancePollSeconds: 'often' }, /InstancePollSeconds: "often" is not a whole number/],
    [{ Debug: true, FailMasterPromotionOnLagMinutes: 1 }, /requires ReplicationLagQuery/],
  ] as const) {
    rewrite(content)
    const reloaded = current.reload()
    assert.ok(!reloaded.ok)
    assert.match(reloaded.failure.problems.map(problemText).join('\n'), says)
    assert.equal(current.live.Debug, false)
    assert.equal(current.live.InstancePollSeconds, 5)
  }
  assert.equal(told, 0)
})

test('a file that is gone changes nothing', () => {
  const { current, path } = started({ InstancePollSeconds: 5 })
  rmSync(path)
  assert.ok(!current.reload().ok)
  assert.equal(current.live.InstancePollSeconds, 5)
})

test('one more file is read after the others, and counts for nothing when it is not there', () => {
  const { current } = started({ InstancePollSeconds: 5, ClusterNameToAlias: { a: 'one' } })
  const more = newPath()
  assert.deepEqual(changes(current, more), [])
  writeFileSync(more, JSON.stringify({ InstancePollSeconds: 7, ClusterNameToAlias: { b: 'two' } }))
  changes(current, more)
  assert.equal(current.live.InstancePollSeconds, 7)
  assert.deepEqual(current.live.ClusterNameToAlias, { a: 'one', b: 'two' })
})

test('no secret is told by a change', () => {
  const { current, rewrite } = started({ MySQLTopologyPassword: 'former-secret' })
  rewrite({ MySQLTopologyPassword: 'other-secret', HTTPAuthPassword: 'new-secret' })
  const told = changes(current)
  assert.deepEqual(told, ['MySQLTopologyPassword: another secret', 'HTTPAuthPassword: "" → "********"'])
  assert.equal(current.live.MySQLTopologyPassword, 'other-secret')
})

test('what the command line said stays over what the file says', () => {
  const { current, rewrite } = started({ InstancePollSeconds: 5 }, { overrides: { SkipOrchestratorDatabaseUpdate: false } })
  rewrite({ SkipOrchestratorDatabaseUpdate: true })
  assert.deepEqual(changes(current), [])
})

test('the keys read at start are keys', () => {
  for (const key of restartKeys) assert.ok(key in keys, key)
})

test('looking at the files says what a reload would change, and changes nothing', () => {
  const { current, rewrite } = started({ InstancePollSeconds: 5 })
  const told: string[] = []
  current.onReload(({ changes }) => told.push(...changes.map(changeText)))
  rewrite({ InstancePollSeconds: 7 })
  const looked = current.look()
  assert.deepEqual(looked.ok && looked.value.changes.map(changeText), ['InstancePollSeconds: 5 → 7'])
  assert.equal(current.live.InstancePollSeconds, 5)
  assert.deepEqual(told, [])
  rewrite({ InstancePollSeconds: 'seven' })
  assert.ok(!current.look().ok)
  assert.equal(current.live.InstancePollSeconds, 5)
})
