import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { seededRandom } from '../../../kit/seeded-random.ts'
import type { Configuration, Entry, HardState, MemberId, Save, SnapshotMark } from '../../../model/raft/types.ts'
import type { RaftDisk, RaftDiskFailure } from '../../../ports/raft-disk.ts'
import { fileRaftDisks, usualOptions } from './file-raft-disk.ts'

const member = (name: string): MemberId => name as MemberId // tests name members freely
const configuration: Configuration = { voters: [member('a'), member('b'), member('c')], outgoing: [], learners: [] }
const founding: SnapshotMark = { index: 0, term: 0, configuration }
const identity = { member: member('a'), group: 'g' }
const command = (index: number, term: number, text = `entry ${index} of ${term}`): Entry => ({ kind: 'command', index, term, data: Buffer.from(text) })

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'orchestrator-raft-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

let saveNumber = 0
const save = (parts: Partial<Save>): Save => ({ number: (saveNumber += 1), hardState: null, piece: null, install: null, entries: [], dropUpTo: null, ...parts })

async function open(folder: string, options = usualOptions): Promise<RaftDisk> {
  const opened = await fileRaftDisks(options).open(folder)
  assert.ok(opened.ok, opened.ok ? '' : JSON.stringify(opened.failure))
  return opened.value
}

async function failureOf(folder: string): Promise<RaftDiskFailure | null> {
  const opened = await fileRaftDisks().open(folder)
  if (!opened.ok) return opened.failure
  await opened.value.close()
  return null
}

async function begun(folder: string, options = usualOptions): Promise<RaftDisk> {
  const disk = await open(folder, options)
  assert.equal(disk.found, null)
  await disk.begin(identity, founding, Buffer.from('empty'))
  return disk
}

/** Entries as plain values, to compare. */
const plain = (entries: readonly Entry[]): readonly unknown[] => entries.map(entry => (entry.kind === 'command' ? { ...entry, data: Buffer.from(entry.data).toString() } : entry))

async function contents(folder: string): Promise<{ readonly hardState: HardState; readonly entries: readonly unknown[]; readonly snapshot: SnapshotMark; readonly tornTail: boolean }> {
  const disk = await open(folder)
  try {
    assert.ok(disk.found)
    const { hardState, entries, snapshot } = disk.found.stored
    return { hardState, entries: plain(entries), snapshot, tornTail: disk.found.tornTail }
  } finally {
    await disk.close()
  }
}

const lastLog = (folder: string): string => join(folder, readdirSync(folder).filter(name => name.startsWith('log-')).toSorted().at(-1) ?? '')

test('a member finds its vote, its log and its founding snapshot again', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  const entries: readonly Entry[] = [{ kind: 'nothing', index: 1, term: 3 }, command(2, 3), { kind: 'configuration', index: 3, term: 3, configuration }]
  await disk.save([save({ hardState: { term: 3, votedFor: member('b') } }), save({ entries })])
  await disk.close()
  assert.deepEqual(await contents(folder.path), { hardState: { term: 3, votedFor: 'b' }, entries: plain(entries), snapshot: founding, tornTail: false })
})

test('an entry that is written again at an earlier place ends everything from there on', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  await disk.save([save({ entries: [command(1, 1), command(2, 1), command(3, 1), command(4, 1)] })])
  await disk.save([save({ entries: [command(2, 2)] }), save({ entries: [command(3, 2)] })])
  await disk.close()
  assert.deepEqual((await contents(folder.path)).entries, plain([command(1, 1), command(2, 2), command(3, 2)]))
})

test('a snapshot in pieces becomes the member\'s own at one stroke; the log stays only where it continues it', async () => {
  for (const keepsLaterEntries of [true, false]) {
    using folder = temporaryFolder()
    const disk = await begun(folder.path)
    await disk.save([save({ entries: [command(1, 1), command(2, 2), command(3, 2)] })])
    const mark: SnapshotMark = keepsLaterEntries ? { index: 2, term: 2, configuration } : { index: 8, term: 4, configuration }
    await disk.save([save({ piece: { mark, offset: 0, data: Buffer.from('0123456') } }), save({ piece: { mark, offset: 4, data: Buffer.from('4567') } })])
    await disk.save([save({ piece: { mark, offset: 8, data: Buffer.from('89') }, install: { mark, keepsLaterEntries } })])
    const next = keepsLaterEntries ? command(4, 4) : command(9, 4)
    await disk.save([save({ entries: [next] })])
    assert.equal(Buffer.from((await disk.newestSnapshot()).state).toString(), '0123456789')
    await disk.close()
    const found = await contents(folder.path)
    assert.deepEqual(found.snapshot, mark)
    assert.deepEqual(found.entries, plain(keepsLaterEntries ? [command(1, 1), command(2, 2), command(3, 2), next] : [next]))
  }
})

test('a snapshot that was installed just before the end makes the older log void', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  await disk.save([save({ entries: [command(1, 1), command(2, 1)] })])
  await disk.keepSnapshot({ index: 9, term: 5, configuration }, Buffer.from('nine')) // as if the process had ended between the file and the log
  await disk.close()
  assert.deepEqual((await contents(folder.path)).entries, [])
  const again = await open(folder.path)
  await again.save([save({ entries: [command(10, 5)] })])
  await again.close()
  assert.deepEqual((await contents(folder.path)).entries, plain([command(10, 5)]))
})

test('pieces of the own snapshot are read as they are asked for, and no piece of one that is gone', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  await disk.save([save({ entries: [command(1, 1)] })])
  await disk.keepSnapshot({ index: 1, term: 1, configuration }, Buffer.from('abcdefg'))
  const first = await disk.readPiece(1, 0, 4)
  const second = await disk.readPiece(1, 4, 4)
  assert.deepEqual([Buffer.from(first?.data ?? []).toString(), first?.isLast, Buffer.from(second?.data ?? []).toString(), second?.isLast], ['abcd', false, 'efg', true])
  assert.equal(await disk.readPiece(0, 0, 4), null)
  await disk.close()
})

test('old files of the log go when no entry of theirs is needed, and the vote does not go with them', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path, { ...usualOptions, segmentBytes: 1000 })
  await disk.save([save({ hardState: { term: 7, votedFor: member('c') } })])
  for (let index = 1; index <= 200; index += 1) await disk.save([save({ entries: [command(index, 7)] })])
  const before = readdirSync(folder.path).filter(name => name.startsWith('log-')).length
  await disk.keepSnapshot({ index: 150, term: 7, configuration }, Buffer.from('state'))
  await disk.save([save({ dropUpTo: 140 })])
  await disk.close()
  const after = readdirSync(folder.path).filter(name => name.startsWith('log-')).length
  assert.ok(before >= 10 && after < before / 2, `${before} files, then ${after}`)
  const found = await contents(folder.path)
  assert.deepEqual(found.hardState, { term: 7, votedFor: 'c' })
  assert.deepEqual(found.entries.slice(-60), plain(Array.from({ length: 60 }, (_, place) => command(141 + place, 7))))
})

test('two processes cannot work on one folder', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  assert.deepEqual(await failureOf(folder.path), { kind: 'in-use', folder: folder.path })
  await disk.close()
  assert.equal(await failureOf(folder.path), null)
})

/** A log of which all is acknowledged, then one more batch of which the mark does not know yet, as a power cut in that moment leaves it. */
async function withUnacknowledgedTail(folder: string): Promise<{ readonly acknowledged: number; readonly bytes: Buffer }> {
  const disk = await begun(folder)
  await disk.save([save({ hardState: { term: 2, votedFor: member('a') }, entries: [command(1, 2), command(2, 2)] })])
  const acknowledged = statSync(lastLog(folder)).size
  copyFileSync(join(folder, 'acknowledged.mark'), join(folder, 'earlier'))
  await disk.save([save({ entries: [command(3, 2, 'x'.repeat(1500)), command(4, 2)] })])
  await disk.close()
  copyFileSync(join(folder, 'earlier'), join(folder, 'acknowledged.mark'))
  rmSync(join(folder, 'earlier'))
  return { acknowledged, bytes: readFileSync(lastLog(folder)) }
}

test('a tail that is cut off anywhere behind what was acknowledged is forgotten, and the member goes on', async () => {
  using folder = temporaryFolder()
  const { acknowledged, bytes } = await withUnacknowledgedTail(folder.path)
  const mark = readFileSync(join(folder.path, 'acknowledged.mark'))
  for (let length = acknowledged; length < bytes.length; length += 37) {
    writeFileSync(join(folder.path, 'acknowledged.mark'), mark)
    writeFileSync(lastLog(folder.path), bytes.subarray(0, length))
    const found = await contents(folder.path)
    assert.deepEqual(found.entries.slice(0, 2), plain([command(1, 2), command(2, 2)]))
    assert.equal(found.entries.length <= 3, true)
    assert.deepEqual(found.hardState, { term: 2, votedFor: 'a' })
    assert.equal(found.tornTail, statSync(lastLog(folder.path)).size !== length, `cut at ${length}`)
    const disk = await open(folder.path)
    const next = (disk.found?.stored.entries.at(-1)?.index ?? 0) + 1
    await disk.save([save({ entries: [command(next, 3, 'after')] })])
    await disk.close()
    assert.deepEqual((await contents(folder.path)).entries.at(-1), plain([command(next, 3, 'after')])[0])
  }
})

test('a sector that a power cut left unwritten is told from bytes that nobody wrote', async () => {
  using folder = temporaryFolder()
  const { acknowledged, bytes } = await withUnacknowledgedTail(folder.path)
  const sector = (Math.floor(acknowledged / 512) + 1) * 512
  const unwritten = Buffer.from(bytes).fill(0, sector, sector + 512)
  const mark = readFileSync(join(folder.path, 'acknowledged.mark'))
  writeFileSync(lastLog(folder.path), unwritten)
  const found = await contents(folder.path)
  assert.deepEqual([found.tornTail, found.entries.length], [true, 2])
  writeFileSync(join(folder.path, 'acknowledged.mark'), mark)
  writeFileSync(lastLog(folder.path), Buffer.from(bytes).fill(0xa5, sector, sector + 512))
  const failure = await failureOf(folder.path)
  assert.ok(failure?.kind === 'damaged' && /garbled/.test(failure.what), JSON.stringify(failure))
})

test('a log that ends before what was acknowledged is damaged, however clean its end looks', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  await disk.save([save({ entries: [command(1, 1)] })])
  const length = statSync(lastLog(folder.path)).size
  await disk.save([save({ hardState: { term: 2, votedFor: member('b') } })])
  await disk.close()
  truncateSync(lastLog(folder.path), length)
  const failure = await failureOf(folder.path)
  assert.ok(failure?.kind === 'damaged' && /had been acknowledged/.test(failure.what), JSON.stringify(failure))
  rmSync(lastLog(folder.path))
  assert.equal((await failureOf(folder.path))?.kind, 'damaged', 'nor may the file be missing')
})

test('any byte of the log or of the snapshot that changes is noticed: nothing else than what was written is ever read', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path, { ...usualOptions, segmentBytes: 400 })
  for (let index = 1; index <= 12; index += 1) await disk.save([save({ hardState: { term: index, votedFor: member('b') }, entries: [command(index, index)] })])
  await disk.keepSnapshot({ index: 6, term: 6, configuration }, Buffer.from('six'))
  await disk.close()
  const names = readdirSync(folder.path).filter(name => /^(log|snapshot-0+6)/.test(name))
  assert.ok(names.length > 3)
  const random = seededRandom(11)
  let tried = 0
  for (const name of names) {
    const path = join(folder.path, name)
    const good = readFileSync(path)
    for (let at = Math.floor(random() * 5); at < good.length; at += 5) {
      const bad = Buffer.from(good)
      bad.writeUInt8(bad.readUInt8(at) ^ (1 + Math.floor(random() * 255)), at)
      writeFileSync(path, bad)
      assert.equal((await failureOf(folder.path))?.kind, 'damaged', `${name}, byte ${at}`)
      tried += 1
    }
    writeFileSync(path, good)
  }
  assert.ok(tried > 150)
  assert.equal((await contents(folder.path)).entries.length, 12)
})

test('what is damaged is set aside whole, and the folder is that of nobody again', async () => {
  using folder = temporaryFolder()
  const disk = await begun(folder.path)
  await disk.save([save({ entries: [command(1, 1)] })])
  await disk.close()
  writeFileSync(lastLog(folder.path), 'nonsense that is longer than a header')
  assert.equal((await failureOf(folder.path))?.kind, 'damaged')
  const aside = await fileRaftDisks().setAside(folder.path)
  assert.deepEqual(readdirSync(aside).map(name => name.replace(/\d+/g, '#')).toSorted(), ['acknowledged.mark', 'log-#.raft', 'member.json', 'snapshot-#-#.raft'])
  const again = await open(folder.path)
  assert.equal(again.found, null)
  await again.close()
})

test('a disk that failed once takes nothing more, and opened anew holds all that it had acknowledged', async () => {
  using folder = temporaryFolder()
  let isFailing = false
  const sync: typeof usualOptions.sync = async handle => {
    if (isFailing) throw new Error('input/output error')
    await handle.datasync()
  }
  const disk = await begun(folder.path, { ...usualOptions, sync })
  await disk.save([save({ entries: [command(1, 1)] })])
  isFailing = true
  await assert.rejects(disk.save([save({ entries: [command(2, 1)] })]), /input\/output error/)
  isFailing = false
  await assert.rejects(disk.save([save({ entries: [command(3, 1)] })]), /input\/output error/)
  await disk.close()
  const { entries } = await contents(folder.path)
  assert.deepEqual(entries, plain([command(1, 1)]), 'and nothing that nobody was told of')
})

test('many saves share one synchronisation', async () => {
  using folder = temporaryFolder()
  let synchronisations = 0
  const disk = await begun(folder.path, { ...usualOptions, sync: handle => { synchronisations += 1; return handle.datasync() } })
  synchronisations = 0
  await disk.save(Array.from({ length: 500 }, (_, place) => save({ hardState: { term: 1, votedFor: null }, entries: [command(place + 1, 1)] })))
  assert.equal(synchronisations, 1)
  await disk.close()
  assert.equal((await contents(folder.path)).entries.length, 500)
})

test('how far what is committed was handed over is found again, through new files and snapshots; a log that ends before it is damaged', async () => {
  using folder = temporaryFolder()
  const handedOver = async (): Promise<number | undefined> => {
    const disk = await open(folder.path)
    await disk.close()
    return disk.found?.stored.handedOver
  }
  const disk = await begun(folder.path, { ...usualOptions, segmentBytes: 2000 })
  await disk.save([save({ hardState: { term: 1, votedFor: member('a') }, entries: [command(1, 1), command(2, 1)] })])
  await disk.save([save({ entries: [command(3, 1)] })], 2)
  for (let index = 4; index <= 60; index += 1) await disk.save([save({ entries: [command(index, 1)] })], index - 1)
  await disk.keepSnapshot({ ...founding, index: 30, term: 1 }, Buffer.from('thirty'))
  await disk.save([save({ dropUpTo: 30 })], 59)
  assert.ok(readdirSync(folder.path).filter(name => name.startsWith('log-')).length > 1)
  await disk.close()
  assert.equal(await handedOver(), 59)
  assert.deepEqual((await contents(folder.path)).hardState, { term: 1, votedFor: 'a' })
  const again = await open(folder.path)
  await again.save([], 60)
  await again.save([save({ entries: [command(60, 2)] })])
  await again.close()
  assert.equal(await handedOver(), 60, 'also where nothing else was to be saved; it never goes back')
  const broken = await open(folder.path)
  await broken.save([], 61)
  await broken.close()
  assert.match(JSON.stringify(await failureOf(folder.path)), /the log ends with entry 60, but all up to 61 had been committed/)
})
