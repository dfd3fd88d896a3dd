import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const waitMillisMax = 15 * 60_000 // a first download on a slow line
const retryMillis = 100
const writeGraceMillis = 5_000 // between the creation of a lock file and the writing of its owner

/** Runs `action` while no other process holds the lock file `path`. The lock of a process that has died is taken over. */
export async function withFileLock<Value>(path: string, action: () => Promise<Value>): Promise<Value> {
  const deadline = Date.now() + waitMillisMax
  while (!(await tryLock(path))) {
    if (Date.now() > deadline) throw new Error(`The lock ${path} has been held for ${waitMillisMax / 60_000} minutes; remove it if its owner is gone`)
    await sleep(retryMillis)
  }
  try {
    return await action()
  } finally {
    await rm(path, { force: true })
  }
}

/** Takes the lock file if it is free or its owner is dead. True if it is ours now. */
export async function tryLock(path: string): Promise<boolean> {
  if (await create(path)) return true
  if (!(await isStale(path))) return false
  // Renaming before removing lets only one of several waiters clear a stale lock.
  const grave = `${path}.${process.pid}.stale`
  const buried = await rename(path, grave).then(() => true, () => false)
  if (buried) await rm(grave, { force: true })
  return buried && create(path)
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(`${process.pid}\n`)
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const owner = Number(await readFile(path, 'utf8'))
    if (owner > 0) return !isAlive(owner)
    return Date.now() - (await stat(path)).mtimeMs > writeGraceMillis
  } catch {
    return false // the file has gone meanwhile: the next attempt creates it
  }
}

/** Whether a process of this id exists (also where it belongs to another user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
