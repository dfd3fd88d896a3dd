import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreseeSeed } from './seed-foreseen.ts'

const mountPoint = { path: '/mnt', device: '', volumePath: '', fileSystem: '', isMounted: false, diskUsageBytes: 0, mysqlDataPath: '', mysqlDiskUsageBytes: 0 }
const volume = { name: 'snap', groupName: 'vg', path: '/dev/vg/snap', isSnapshot: true, snapshotPercent: 1 }
const target = { host: 'a', volumes: [], mountPoint, isMysqlRunning: false, mysqlDiskUsageBytes: 100, dataFolderFreeBytes: 50 }
const source = { host: 'b', volumes: [volume], mountPoint, isMysqlRunning: true, mysqlDiskUsageBytes: 150, dataFolderFreeBytes: 0 }
const results = (...of: Parameters<typeof foreseeSeed>): string => foreseeSeed(...of).checks.map(({ name, result }) => `${name} ${result}`).join(', ')

test('what is erased makes room: what fits into both is enough, one byte more is not', () => {
  assert.equal(results(target, source), 'stopped good, snapshot good, unmounted good, room good')
  assert.equal(results(target, { ...source, mysqlDiskUsageBytes: 151 }), 'stopped good, snapshot good, unmounted good, room bad')
  assert.deepEqual([foreseeSeed(target, source).erasedBytes, foreseeSeed(target, source).roomBytes, foreseeSeed(target, source).volume], [100, 150, '/dev/vg/snap'])
})

test('a MySQL that runs, no snapshot and a volume that is mounted are said before anything is tried, and what is not answered is unknown', () => {
  assert.equal(
    results({ ...target, isMysqlRunning: true }, { ...source, volumes: [], mountPoint: { ...mountPoint, isMounted: true } }),
    'stopped bad, snapshot bad, unmounted bad, room good',
  )
  assert.equal(
    results({ ...target, isMysqlRunning: null, dataFolderFreeBytes: null }, { ...source, volumes: null, mountPoint: null }),
    'stopped unknown, snapshot unknown, unmounted unknown, room unknown',
  )
})
