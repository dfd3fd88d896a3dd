import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CurrentSettings } from '../config/current-settings.ts'
import { loadSettings } from '../config/load-settings.ts'
import { effectiveSettings } from './effective-settings.ts'

test('what is in force is told with what each setting is by default, without any secret, and what the files would change', () => {
  const folder = mkdtempSync(join(tmpdir(), 'effective-settings-'))
  try {
    const path = join(folder, 'orchestrator.conf.json')
    const write = (settings: object): void => writeFileSync(path, JSON.stringify(settings))
    write({ MySQLTopologyPassword: 'topsecret', InstancePollSeconds: 3, ListenAddress: ':3000' })
    const request = { path }
    const loaded = loadSettings(request)
    assert.ok(loaded.ok)
    const current = new CurrentSettings(loaded.value, request)
    const before = effectiveSettings(current)
    const one = (key: string) => before.settings.find(each => each.key === key)
    assert.deepEqual([one('InstancePollSeconds')?.value, one('InstancePollSeconds')?.default, one('InstancePollSeconds')?.isGiven], [3, 5, true])
    assert.equal(one('RecoveryPeriodBlockSeconds')?.isGiven, false)
    assert.equal(one('ListenAddress')?.from, 'restart')
    assert.deepEqual(before.pending, { changes: [], warnings: [], problem: null })
    write({ MySQLTopologyPassword: 'another-secret', InstancePollSeconds: 4, ListenAddress: ':3001' })
    const { pending } = effectiveSettings(current)
    assert.deepEqual(pending.changes.map(({ key, from }) => [key, from]).sort(), [['InstancePollSeconds', 'now'], ['ListenAddress', 'restart'], ['MySQLTopologyPassword', 'now']])
    assert.doesNotMatch(JSON.stringify(effectiveSettings(current)), /topsecret|another-secret/)
    assert.equal(current.live.InstancePollSeconds, 3)
    writeFileSync(path, '{ "InstancePollSeconds": ')
    assert.match(effectiveSettings(current).pending.problem ?? '', /Cannot read config file/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
