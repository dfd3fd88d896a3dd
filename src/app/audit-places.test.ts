import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { localTime } from '../adapters/system/local-time.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { AuditTrail } from '../engine/journal/audit-trail.ts'
import { instanceKey } from '../model/topology/instance-key.ts'
import type { Store } from '../ports/store.ts'
import { auditPlaces } from './audit-places.ts'

const at = Date.UTC(2026, 10, 23, 6, 0, 0)
const places = ['file', 'store', 'system'] as const
const chosen = [...Array(8).keys()].map(bits => places.filter((_, place) => (bits >> place) % 2 === 1))

for (const wanted of chosen) {
  test(`the audit goes to ${wanted.length === 0 ? 'the log alone' : wanted.join(' and ')}`, async context => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'))
    context.after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'audit.log')
    const told: Record<'store' | 'system' | 'log', string[]> = { store: [], system: [], log: [] }
    const silent = (): void => undefined
    const trail = new AuditTrail({ ...systemClock, now: () => at }, auditPlaces({
      settings: { auditToBackend: wanted.includes('store'), auditLogFile: wanted.includes('file') ? file : '', auditToSystem: wanted.includes('system') },
      store: { audit: { append: async ({ kind }: { readonly kind: string }) => void told.store.push(kind) } } as unknown as Store, // nothing else of it is used
      log: { debug: silent, warning: silent, error: text => assert.fail(text), info: text => void told.log.push(text) },
      systemLog: { write: (level, text) => void told.system.push(`${level} ${text}`) },
    }))
    for (let n = 0; n < 20; n++) trail.write('begin-downtime', instanceKey('db1', 3306), 'c:3306', `number ${n}\twith\na tab`)
    trail.write('forget-unseen', null, '', 'Operations: 0')
    const isLogged = !wanted.includes('file') && !wanted.includes('system')
    assert.deepEqual([told.store.length, told.system.length, told.log.length], [wanted.includes('store') ? 21 : 0, wanted.includes('system') ? 21 : 0, isLogged ? 21 : 0])
    const last = 'auditType:forget-unseen instance::0 cluster: message:Operations: 0'
    if (isLogged) assert.equal(told.log.at(-1), last)
    if (wanted.includes('system')) assert.deepEqual([told.system.at(-1), told.system[0]], [`info ${last}`, 'info auditType:begin-downtime instance:db1:3306 cluster:c:3306 message:number 0\twith a tab'])
    if (!wanted.includes('file')) return
    let lines: string[] = []
    for (let tries = 0; lines.length < 22 && tries < 500; tries++) {
      lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
      await systemClock.sleep(10)
    }
    const expected = [...Array(20).keys()].map(n => `${localTime(at)}\tbegin-downtime\tdb1\t3306\t[c:3306]\tnumber ${n} with a tab\t`)
    assert.deepEqual(lines, [...expected, `${localTime(at)}\tforget-unseen\t\t0\t[]\tOperations: 0\t`, ''])
    assert.equal((await stat(file)).mode & 0o777, 0o640)
  })
}
