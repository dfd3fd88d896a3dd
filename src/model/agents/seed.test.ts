import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type AgentReport, noReport } from './agent.ts'
import type { CopyLook } from './copy-progress.ts'
import { type SeedAnswer, type SeedBeginning, type SeedOrder, seedRun, seedTexts } from './seed.ts'
import { afterRestart, type SeedRow, seedTraces } from './seed-traces.ts'

const seed = { id: 7, target: 'new', source: 'old' }
const gigabyte = 1_000_000_000
const mountPoint = { path: '/mnt', device: '', volumePath: '', fileSystem: '', isMounted: false, diskUsageBytes: 0, mysqlDataPath: '', mysqlDiskUsageBytes: 0 }
const volumes = [{ name: 'snap1', groupName: 'vg', path: '/dev/vg/snap1', isSnapshot: true, snapshotPercent: 3 }]

/** Two hosts whose agents do what they are told, unless told to fail. */
class Hosts {
  target: AgentReport = { ...noReport, isMysqlRunning: false, mysqlPort: 3306, mysqlDiskUsageBytes: 50, dataFolderFreeBytes: 9 * gigabyte }
  source: AgentReport = { ...noReport, volumes, mountPoint, isMysqlRunning: true }
  mountedBytes: number | null = gigabyte
  copy: CopyLook[] = [{ copiedBytes: 400_000_000, isCompleted: false, isSucceeded: null }, { copiedBytes: gigabyte, isCompleted: true, isSucceeded: true }]
  readonly fails = new Map<string, string>()
  readonly told: string[] = []
  readonly rows: { action: string; error: string }[] = []
  waited = 0
  /** Before the order of that text is carried out. */
  before: Readonly<Record<string, () => void>> = {}

  run(from?: SeedBeginning): string | null {
    const run = seedRun(seed, { waitSecondsBeforeSend: 2 }, from)
    let turn = run.next()
    for (let count = 0; turn.done !== true; count += 1) {
      assert.ok(count < 500, 'it ends')
      turn = run.next(this.#carryOut(turn.value))
    }
    return turn.value
  }

  #carryOut(order: SeedOrder): SeedAnswer {
    switch (order.order) {
      case 'row':
        this.before[order.text]?.()
        this.rows.push({ action: order.text, error: '' })
        return ok(null)
      case 'failed': {
        const last = this.rows.at(-1)
        assert.ok(last, 'a step failed')
        last.error = order.text
        return ok(null)
      }
      case 'look':
        return this.#named<AgentReport>(`look ${order.at}`, () => this[order.at])
      case 'look-at-copy':
        return this.#named<CopyLook>('look-at-copy', () => (this.copy.length > 1 ? this.copy.shift() : this.copy[0]) ?? { copiedBytes: null, isCompleted: null, isSucceeded: null })
      case 'wait':
        this.waited += order.seconds
        return ok(null)
      case 'discover':
        this.told.push(`discover ${order.port}`)
        return ok(null)
      default: {
        const name = `${order.on} ${order.command.do}`
        this.told.push(name)
        return this.#named(name, () => {
          this.#does(name)
          return null
        })
      }
    }
  }

  #named<Value>(name: string, answer: () => Value): Result<Value, string> {
    const why = this.fails.get(name)
    return why === undefined ? ok(answer()) : fail(why)
  }

  #does(name: string): void {
    if (name === 'source mount') this.source = { ...this.source, mountPoint: { ...mountPoint, isMounted: true, mysqlDiskUsageBytes: this.mountedBytes } }
    if (name === 'source unmount') this.source = { ...this.source, mountPoint }
    if (name === 'target start-mysql') this.target = { ...this.target, isMysqlRunning: true }
  }
}

const destructive = 'target erase-data'

test('a seed writes the rows that people know, in their order, and tells the agents in that order', () => {
  const hosts = new Hosts()
  assert.equal(hosts.run(), null)
  assert.deepEqual(hosts.rows.map(({ action }) => action), [
    'getting target agent info for new', 'getting source agent info for old', 'Checking MySQL status on target new', 'Looking up available snapshots on source old',
    'Checking mount point on source old', 'old Mounting logical volume: /dev/vg/snap1', 'MySQL data volume on source host old is 1000000000 bytes', 'Erasing MySQL data on new',
    'Acquiring target host datadir free space on new', 'new will now receive data in background', 'Waiting 2 seconds for new to start listening for incoming data',
    'old will now send data to new in background', 'Copied 400000000/1000000000 bytes (40%)', 'Copied 1000000000/1000000000 bytes (100%)', 'Executing post-copy command on new',
    'old Unmounting logical volume: /dev/vg/snap1', 'Starting MySQL on target: new', 'Submitting MySQL instance for discovery: new', 'Done',
  ])
  assert.deepEqual(hosts.told, [
    'discover 3306', 'source mount', destructive, 'target receive', 'source send', 'target post-copy', 'source unmount', 'target start-mysql', 'discover 3306',
  ])
  assert.ok(hosts.rows.every(({ error }) => error === ''))
})

/** What goes wrong, the row that says so, what it says, and what the hosts are told after the volume was mounted. */
const failures: readonly { readonly what: string; readonly arrange: (hosts: Hosts) => void; readonly row: string; readonly says: RegExp; readonly undone?: readonly string[]; readonly erased?: true }[] = [
  { what: 'the target does not answer', arrange: hosts => hosts.fails.set('look target', 'connect ECONNREFUSED'), row: 'getting target agent info for new', says: /^connect ECONNREFUSED$/ },
  { what: 'the source does not answer', arrange: hosts => hosts.fails.set('look source', 'gone'), row: 'getting source agent info for old', says: /^gone$/ },
  {
    what: 'MySQL runs on the target', arrange: hosts => { hosts.target = { ...hosts.target, isMysqlRunning: true } }, row: 'Checking MySQL status on target new',
    says: /^MySQL is running on target host\. Cowardly refusing to proceed\. Please stop the MySQL service$/,
  },
  { what: 'nobody knows whether MySQL runs on the target', arrange: hosts => { hosts.target = { ...hosts.target, isMysqlRunning: null } }, row: 'Checking MySQL status on target new', says: /did not say whether MySQL is running$/ },
  { what: 'the source has no volume', arrange: hosts => { hosts.source = { ...hosts.source, volumes: [] } }, row: 'Looking up available snapshots on source old', says: /^No logical volumes found on source host$/ },
  { what: 'the volumes of the source are not known', arrange: hosts => { hosts.source = { ...hosts.source, volumes: null } }, row: 'Looking up available snapshots on source old', says: /did not say its logical volumes$/ },
  {
    what: 'something is mounted already', arrange: hosts => { hosts.source = { ...hosts.source, mountPoint: { ...mountPoint, isMounted: true } } }, row: 'Checking mount point on source old',
    says: /^Volume already mounted on source host; please unmount$/,
  },
  { what: 'the mount point is not known', arrange: hosts => { hosts.source = { ...hosts.source, mountPoint: null } }, row: 'Checking mount point on source old', says: /did not say its mount point$/ },
  { what: 'the mount fails', arrange: hosts => hosts.fails.set('source mount', 'no such device'), row: 'old Mounting logical volume: /dev/vg/snap1', says: /^no such device$/, undone: [] },
  { what: 'the volume holds no data', arrange: hosts => { hosts.mountedBytes = 0 }, row: 'MySQL data volume on source host old is an unknown number of bytes', says: /^No MySQL data found/, undone: ['source unmount'] },
  { what: 'the size of the data is not known', arrange: hosts => { hosts.mountedBytes = null }, row: 'MySQL data volume on source host old is an unknown number of bytes', says: /^No MySQL data found/, undone: ['source unmount'] },
  {
    what: 'MySQL was started on the target meanwhile', row: 'Erasing MySQL data on new', says: /^MySQL is running on target host/, undone: ['source unmount'],
    arrange: hosts => { hosts.before = { 'Erasing MySQL data on new': () => { hosts.target = { ...hosts.target, isMysqlRunning: true } } } },
  },
  {
    what: 'the data would not fit even into an empty target', arrange: hosts => { hosts.target = { ...hosts.target, dataFolderFreeBytes: 40 } }, row: 'Erasing MySQL data on new',
    says: /^Not enough disk space on target host new\. Required: 1000000000, available: 90\. Bailing out\.$/, undone: ['source unmount'],
  },
  { what: 'the target cannot be erased', arrange: hosts => hosts.fails.set(destructive, 'rm: busy'), row: 'Erasing MySQL data on new', says: /^rm: busy$/, undone: ['source unmount'], erased: true },
  {
    what: 'the emptied target has too little room', row: 'Acquiring target host datadir free space on new', says: /^Not enough disk space on target host new\. Required: 1000000000, available: 90\./,
    arrange: hosts => { hosts.before = { 'Acquiring target host datadir free space on new': () => { hosts.target = { ...hosts.target, dataFolderFreeBytes: 90 } } } }, undone: ['source unmount'], erased: true,
  },
  {
    what: 'the room of the emptied target is not known', row: 'Acquiring target host datadir free space on new', says: /did not say the free space/,
    arrange: hosts => { hosts.before = { 'Acquiring target host datadir free space on new': () => { hosts.target = { ...hosts.target, dataFolderFreeBytes: null } } } }, undone: ['source unmount'], erased: true,
  },
  {
    what: 'the copy fails', arrange: hosts => { hosts.copy = [{ copiedBytes: 5, isCompleted: true, isSucceeded: false }] }, row: 'Copied 5/1000000000 bytes (0%)', says: /says that the copy failed/,
    undone: ['target receive', 'source send', 'target abort', 'source abort', 'source unmount'], erased: true,
  },
  {
    what: 'the copy stands still', arrange: hosts => { hosts.copy = [{ copiedBytes: 5, isCompleted: false, isSucceeded: null }] }, row: 'Copied 5/1000000000 bytes (0%)',
    says: /^10 iterations have passed without progress\. Bailing out\.$/, undone: ['target receive', 'source send', 'target abort', 'source abort', 'source unmount'], erased: true,
  },
  {
    what: 'the agents say nothing of the copy', arrange: hosts => hosts.fails.set('look-at-copy', 'timeout'), row: 'Copied 0/1000000000 bytes (0%)',
    says: /^10 iterations have passed without progress\. Bailing out\.$/, undone: ['target receive', 'source send', 'target abort', 'source abort', 'source unmount'], erased: true,
  },
  {
    what: 'the post-copy command fails', arrange: hosts => hosts.fails.set('target post-copy', 'exit status 1'), row: 'Executing post-copy command on new', says: /^exit status 1$/,
    undone: ['target receive', 'source send', 'target post-copy', 'source unmount'], erased: true,
  },
  {
    what: 'the source cannot be unmounted', arrange: hosts => hosts.fails.set('source unmount', 'target is busy'), row: 'old Unmounting logical volume: /dev/vg/snap1', says: /^target is busy$/,
    undone: ['target receive', 'source send', 'target post-copy', 'source unmount'], erased: true,
  },
  {
    what: 'MySQL does not start', arrange: hosts => hosts.fails.set('target start-mysql', 'exit status 1'), row: 'Starting MySQL on target: new', says: /^exit status 1$/,
    undone: ['target receive', 'source send', 'target post-copy', 'source unmount', 'target start-mysql'], erased: true,
  },
]

for (const { what, arrange, row, says, undone, erased } of failures) {
  test(`when ${what}, the seed ends with that in its row${erased === undefined ? ', and the target keeps its data' : ''}${undone?.includes('source unmount') === true ? '; the source lets go of its volume' : ''}`, () => {
    const hosts = new Hosts()
    arrange(hosts)
    const end = hosts.run()
    assert.match(end ?? '', says)
    assert.deepEqual(hosts.rows.at(-1), { action: row, error: end })
    assert.equal(hosts.rows.filter(({ error }) => error !== '').length, 1)
    assert.equal(hosts.told.includes(destructive), erased === true)
    const afterMount = hosts.told.includes('source mount') ? hosts.told.slice(hosts.told.indexOf('source mount') + 1).filter(told => told !== destructive) : undefined
    assert.deepEqual(afterMount, undone)
    if (!hosts.fails.has('source unmount')) assert.notEqual(hosts.source.mountPoint?.isMounted === true && what !== 'something is mounted already', true)
  })
}

test('a copy that stands still is waited for five minutes, and one that moves for as long as it moves', () => {
  const standing = new Hosts()
  standing.copy = [{ copiedBytes: 5, isCompleted: false, isSucceeded: null }]
  standing.run()
  assert.ok(standing.waited > 300 && standing.waited <= 380, `${standing.waited} s`)
  const moving = new Hosts()
  moving.copy = [...Array.from({ length: 100 }, (_, at) => ({ copiedBytes: at * 1000, isCompleted: false, isSucceeded: null })), { copiedBytes: gigabyte, isCompleted: true, isSucceeded: true }]
  assert.equal(moving.run(), null)
  assert.ok(moving.waited > 2500)
})

test('a failure that leaves the volume mounted says so', () => {
  const hosts = new Hosts()
  hosts.fails.set(destructive, 'rm: busy')
  hosts.fails.set('source unmount', 'timeout')
  assert.equal(hosts.run(), 'rm: busy; the source host could not be told to unmount: timeout')
  assert.equal(seedTexts.mysqlRuns.length > 0, true)
})

test('wherever the process ends, the seed is gone on with to its good end, or ended cleanly; nothing is erased and nothing runs twice', () => {
  const whole = new Hosts()
  whole.run()
  const verdicts = whole.rows.map((_, count) => {
    const rows: readonly SeedRow[] = whole.rows.slice(0, count + 1)
    const last = rows.at(-1)?.action ?? ''
    const after = afterRestart(seed, rows)
    if (after.goesOn === null) return `${last}: ends${after.aborts ? ', aborts' : ''}${after.unmounts ? ', unmounts' : ''}`
    const hosts = new Hosts()
    hosts.copy = [{ copiedBytes: gigabyte, isCompleted: true, isSucceeded: true }]
    assert.equal(hosts.run(after.goesOn), null, last)
    assert.ok(!hosts.told.some(told => [destructive, 'source mount', 'target receive', 'source send'].includes(told)), last)
    return `${last}: goes on (${after.goesOn.at})`
  })
  assert.deepEqual(verdicts, [
    'getting target agent info for new: ends', 'getting source agent info for old: ends', 'Checking MySQL status on target new: ends', 'Looking up available snapshots on source old: ends',
    'Checking mount point on source old: ends', 'old Mounting logical volume: /dev/vg/snap1: ends, unmounts', 'MySQL data volume on source host old is 1000000000 bytes: ends, unmounts',
    'Erasing MySQL data on new: ends, unmounts', 'Acquiring target host datadir free space on new: ends, unmounts', 'new will now receive data in background: ends, aborts, unmounts',
    'Waiting 2 seconds for new to start listening for incoming data: ends, aborts, unmounts', 'old will now send data to new in background: goes on (copy)',
    'Copied 400000000/1000000000 bytes (40%): goes on (copy)', 'Copied 1000000000/1000000000 bytes (100%): goes on (copy)', 'Executing post-copy command on new: ends, unmounts',
    'old Unmounting logical volume: /dev/vg/snap1: goes on (unmount)', 'Starting MySQL on target: new: goes on (start)', 'Submitting MySQL instance for discovery: new: goes on (submit)',
    'Done: goes on (submit)',
  ])
  assert.equal(seedTraces(seed, whole.rows).mountedVolume, null)
  assert.deepEqual(afterRestart(seed, []), { goesOn: null, why: 'Orchestrator ended during this step (none was begun); whether it was done is not known', aborts: false, unmounts: false })
})

test('after a restart what was done before is not done again: an unmount, a start', () => {
  const hosts = new Hosts()
  hosts.target = { ...hosts.target, isMysqlRunning: true }
  assert.equal(hosts.run({ at: 'unmount', volume: '/dev/vg/snap1' }), null)
  assert.deepEqual(hosts.told, ['target start-mysql', 'discover 3306'], 'nothing was mounted any more')
  const started = new Hosts()
  started.target = { ...started.target, isMysqlRunning: true }
  assert.equal(started.run({ at: 'start' }), null)
  assert.deepEqual(started.told, ['discover 3306'])
})
