import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { withFileLock } from './file-lock.ts'

/** Where downloaded servers and initialised data folders are kept between runs: `$ORCHESTRATOR_CACHE`, else `~/.cache/orchestrator`. */
export function cacheFolder(): string {
  return process.env['ORCHESTRATOR_CACHE'] ?? join(homedir(), '.cache', 'orchestrator')
}

/**
 * A folder of the cache that is either complete or absent. Where absent, `build` fills a temporary folder beside it, which is renamed when
 * it is done; a lock makes a second process wait rather than build the same.
 */
export async function cachedFolder(path: string, build: (folder: string) => Promise<void>): Promise<string> {
  if (await exists(path)) return path
  await mkdir(dirname(path), { recursive: true })
  await withFileLock(`${path}.lock`, async () => {
    if (await exists(path)) return
    const draft = await mkdtemp(join(dirname(path), `.${basename(path)}-`))
    try {
      await build(draft)
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { recursive: true, force: true })
      throw error
    }
  })
  return path
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}
