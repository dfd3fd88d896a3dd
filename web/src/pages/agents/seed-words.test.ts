import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from '../../../../src/kit/result.ts'
import { noReport, type AgentReport } from '../../../../src/model/agents/agent.ts'
import { seedRows, seedRun, seedTexts, type SeedAnswer, type SeedOrder } from '../../../../src/model/agents/seed.ts'
import { seedText } from './seed-words.ts'

const mountPoint = { path: '/mnt', device: '', volumePath: '', fileSystem: '', isMounted: false, diskUsageBytes: 0, mysqlDataPath: '', mysqlDiskUsageBytes: 900 }
const volume = { name: 'snap', groupName: 'vg', path: '/dev/vg/snap', isSnapshot: true, snapshotPercent: 1 }

/** Every row and every failure of a whole seed, and of seeds that end where a host is not as it should be. */
function said(target: Partial<AgentReport>, source: Partial<AgentReport>): readonly string[] {
  const rows: string[] = []
  let isMounted = source.mountPoint?.isMounted ?? false
  const answer = (order: SeedOrder): SeedAnswer => {
    if (order.order === 'row' || order.order === 'failed') rows.push(order.text)
    if (order.order === 'command' && order.command.do === 'mount') isMounted = true
    if (order.order === 'look-at-copy') return ok({ copiedBytes: 900, isCompleted: true, isSucceeded: true })
    if (order.order !== 'look') return ok(null)
    return ok(order.at === 'target' ? { ...noReport, mysqlPort: 3306, isMysqlRunning: false, mysqlDiskUsageBytes: 50, dataFolderFreeBytes: 2000, ...target }
      : { ...noReport, volumes: [volume], ...source, mountPoint: source.mountPoint === null ? null : { ...mountPoint, ...source.mountPoint, isMounted } })
  }
  const run = seedRun({ id: 7, target: 'new', source: 'old' }, { waitSecondsBeforeSend: 2 })
  let turn = run.next()
  for (let count = 0; turn.done !== true && count < 500; count += 1) turn = run.next(answer(turn.value))
  assert.equal(turn.done, true)
  return [...rows, ...(typeof turn.value === 'string' ? [turn.value] : [])]
}

test('every row that a seed writes, and every reason why one ends, is said in Chinese, and with its names', () => {
  const all = [
    said({}, {}), said({ isMysqlRunning: true }, {}), said({ isMysqlRunning: null }, {}), said({}, { volumes: [] }), said({}, { volumes: null }), said({}, { mountPoint: null }),
    said({}, { mountPoint: { ...mountPoint, isMounted: true } }), said({ dataFolderFreeBytes: 1 }, {}), said({ dataFolderFreeBytes: null, mysqlDiskUsageBytes: null }, {}),
    said({}, { mountPoint: { ...mountPoint, mysqlDiskUsageBytes: 0 } }), Object.values(seedTexts), [seedRows.bytes('old', 'an unknown number of')],
  ].flat()
  assert.ok(all.length > 60, `${all.length} texts`)
  for (const text of all) {
    const words = seedText(text, 'zh')
    assert.match(words ?? '', /\p{Script=Han}/u, text)
    for (const host of ['new', 'old']) assert.equal(words?.includes(host), new RegExp(`\\b${host}\\b`).test(text), text)
  }
})

test('English stays as it was written, and so does what an agent says itself', () => {
  assert.equal(seedText('Done', 'en'), null)
  assert.equal(seedText('lvcreate: no space left', 'zh'), null)
})
