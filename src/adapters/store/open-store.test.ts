import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import type { Result } from '../../kit/result.ts'
import type { Store } from '../../ports/store.ts'
import { openStore } from './open-store.ts'
import { type StoreSettings, storeSettings } from './settings.ts'
import type { StoreFailure } from './store-failure.ts'

const folder = mkdtempSync(join(tmpdir(), 'orchestrator-open-store-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const open = (settings: Partial<StoreSettings>): Promise<Result<Store, StoreFailure>> =>
  openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite', ...settings }, version: '4.0.0-test', clock: { now: () => Date.UTC(2026, 0, 1) } })

async function refusal(settings: Partial<StoreSettings>): Promise<StoreFailure> {
  const opened = await open(settings)
  if (opened.ok) await opened.value.close()
  assert.ok(!opened.ok, 'opened')
  return opened.failure
}

async function made(name: string): Promise<string> {
  const path = join(folder, name)
  const opened = await open({ sqliteFile: path })
  assert.ok(opened.ok)
  await opened.value.close()
  return path
}

test('a file of another program is refused by name and left as it is', async () => {
  const path = join(folder, 'letter.txt')
  writeFileSync(path, 'Dear reader, this is a letter and not a database.\n'.repeat(100))
  const before = readFileSync(path)
  const failure = await refusal({ sqliteFile: path })
  assert.equal(failure.kind, 'not-a-database')
  assert.match(failure.text, /letter\.txt is not an SQLite database but a file of another program; it is left as it is/)
  assert.deepEqual(readFileSync(path), before)
  assert.ok(!existsSync(`${path}-wal`))
})

test('a database of another program is refused and left as it is', async () => {
  const path = join(folder, 'other.db')
  const other = new DatabaseSync(path)
  other.exec('create table moz_places (id integer primary key, url text); insert into moz_places (url) values (1)')
  other.close()
  const before = readFileSync(path)
  const failure = await refusal({ sqliteFile: path })
  assert.equal(failure.kind, 'foreign-database')
  assert.match(failure.text, /other\.db is a database of another program \(it has the table moz_places\)/)
  assert.deepEqual(readFileSync(path), before)
})

test('a damaged database is refused', async () => {
  const path = join(folder, 'damaged.db')
  writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 7)]))
  assert.equal((await refusal({ sqliteFile: path })).kind, 'not-a-database')
})

test('a missing folder and a folder instead of a file are refused by name', async () => {
  const missing = await refusal({ sqliteFile: join(folder, 'nowhere', 'store.db') })
  assert.equal(missing.kind, 'folder-missing')
  assert.match(missing.text, /nowhere for the database file .* does not exist/)
  assert.equal((await refusal({ sqliteFile: folder })).kind, 'not-a-database')
})

test('an empty file becomes a database, and :memory: is one', async () => {
  const path = join(folder, 'empty.db')
  writeFileSync(path, '')
  for (const sqliteFile of [path, ':memory:']) {
    const opened = await open({ sqliteFile })
    assert.ok(opened.ok)
    assert.deepEqual(await opened.value.instances.load(), [])
    await opened.value.close()
  }
})

test('a database that another program holds is refused after the wait, by name', async () => {
  const path = await made('locked.db')
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  try {
    const failure = await refusal({ sqliteFile: path })
    assert.equal(failure.kind, 'locked')
    assert.match(failure.text, /locked\.db is locked by another program/)
  } finally {
    other.exec('rollback')
    other.close()
  }
})

test('a lock that another process holds for a moment is waited for', async () => {
  const path = await made('shared.db')
  const opened = await open({ sqliteFile: path })
  assert.ok(opened.ok)
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  // It is let go when others have had their turn a few times: who waits without giving them any waits in vain.
  let turns = 0
  const timer = setInterval(() => {
    if (++turns < 20) return
    clearInterval(timer)
    other.exec('rollback')
    other.close()
  }, 5)
  await opened.value.aliases.set('a:1', 'x')
  assert.deepEqual([...(await opened.value.aliases.load())], [['a:1', 'x']])
  await opened.value.close()
})

test('a file that may not be written, or not even be read, is refused as such', async () => {
  const path = await made('read-only.db')
  const before = readFileSync(path)
  chmodSync(folder, 0o755)
  const isRoot = process.getuid?.() === 0
  for (const [mode, folderMode, says] of [[0o444, 0o755, /read-only\.db cannot be written/], [0o000, 0o755, /read-only\.db cannot be opened/], [0o644, 0o600, /read-only\.db cannot be opened/]] as const) {
    chmodSync(path, mode)
    chmodSync(folder, folderMode)
    if (isRoot) process.seteuid?.(65534) // root may write everything; nobody may not
    try {
      const failure = await refusal({ sqliteFile: path })
      assert.equal(failure.kind, 'read-only')
      assert.match(failure.text, says)
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  }
  chmodSync(folder, 0o755)
  chmodSync(path, 0o600)
  assert.deepEqual(readFileSync(path), before)
})

test('another deployed version is refused where the settings say so, and the tables are not made where they say so', async () => {
  const path = await made('deployed.db')
  const database = new DatabaseSync(path)
  database.exec("update orchestrator_db_deployments set deployed_version = '3.2.6'")
  database.close()
  const failure = await refusal({ sqliteFile: path, panicIfOtherDeployment: true })
  assert.equal(failure.kind, 'different-deployment')
  const opened = await open({ sqliteFile: path })
  assert.ok(opened.ok)
  await opened.value.close()
  const bare = join(folder, 'bare.db')
  const skipped = await open({ sqliteFile: bare, skipDeployment: true })
  assert.ok(skipped.ok)
  await assert.rejects(skipped.value.instances.load(), /no such table/)
  await skipped.value.close()
})

test('a MySQL backend that is not there, or does not answer, is named as unreachable', async () => {
  const silent = createServer(() => {}) // accepts and never answers
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const backend = { backend: 'mysql', host: '127.0.0.1', port, database: 'orc', user: 'u', password: 'secret-text', connectTimeoutSeconds: 1 }
  const unanswered = await refusal(backend)
  await new Promise(resolve => silent.close(resolve))
  const closed = await refusal(backend)
  for (const failure of [unanswered, closed]) {
    assert.equal(failure.kind, 'unreachable')
    assert.match(failure.text, /The MySQL backend 127\.0\.0\.1:\d+ cannot be reached/)
    assert.doesNotMatch(failure.text, /secret-text/)
  }
})
