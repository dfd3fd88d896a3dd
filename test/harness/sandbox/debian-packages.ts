import { execFile } from 'node:child_process'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { archiveSource } from './debian-sources.ts'
import { cachedFolder, cacheFolder } from './cache-folder.ts'
import { withFileLock } from './file-lock.ts'

const run = promisify(execFile)
const outputBytesMax = 32 * 1024 * 1024
// Only programs and libraries are run from the folder.
const unwanted = ['usr/share/doc', 'usr/share/man', 'usr/share/perl', 'usr/share/locale', 'usr/share/lintian', 'var', 'etc']

/**
 * Downloads `packages` with every library they need from Debian's unstable suite and unpacks them into a folder of the cache, without root
 * and without touching the machine's own package state. apt checks the archive's signature and every file's checksum.
 * Answers the folder, which holds `usr/…`; it is kept by the version of the first package. `alone`: these packages and nothing they depend on.
 */
export async function fetchDebianPackages(label: string, packages: readonly [string, ...string[]], say: (line: string) => void, wish: { readonly alone?: boolean } = {}): Promise<string> {
  const apt = join(cacheFolder(), 'apt')
  await mkdir(apt, { recursive: true })
  return withFileLock(join(apt, 'apt.lock'), async () => {
    const options = await preparePrivateApt(apt)
    say(`Reading Debian's list of packages for ${packages[0]}`)
    await aptGet([...options, 'update'])
    const version = await candidateVersion(options, packages[0])
    const folder = join(cacheFolder(), 'servers', `${label}-${version.replaceAll(/[^\w.+-]/g, '_')}-${process.arch}`)
    return cachedFolder(folder, async draft => {
      say(`Fetching ${packages[0]} ${version} and the libraries it needs`)
      const archives = join(apt, 'cache', 'archives')
      if (wish.alone === true) await aptGet([...options, 'download', ...packages], archives)
      else await aptGet([...options, '--yes', '--download-only', '--no-install-recommends', 'install', ...packages])
      const files = (await readdir(archives)).filter(name => name.endsWith('.deb'))
      say(`Unpacking ${files.length} packages`)
      for (const file of files) await run('dpkg-deb', ['--extract', join(archives, file), draft])
      for (const path of unwanted) await rm(join(draft, path), { recursive: true, force: true })
      await rm(archives, { recursive: true, force: true })
    })
  })
}

async function preparePrivateApt(folder: string): Promise<string[]> {
  await rm(join(folder, 'cache', 'archives'), { recursive: true, force: true })
  for (const part of ['state', 'lists/partial', 'cache/archives/partial']) await mkdir(join(folder, part), { recursive: true })
  await writeFile(join(folder, 'status'), '')
  await writeFile(join(folder, 'archive.sources'), await archiveSource('unstable'))
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'archive.sources'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': join(folder, 'state'),
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Debug::NoLocking': 'true', // our own lock file guards the folder; apt's would need root for the machine's
    'APT::Sandbox::User': '', // as root, apt would otherwise read our private folder as another user
    'Acquire::Retries': '3',
  }
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
}

async function aptGet(args: string[], cwd?: string): Promise<void> {
  try {
    await run('apt-get', ['--quiet', ...args], { maxBuffer: outputBytesMax, env: { ...process.env, LC_ALL: 'C' }, ...(cwd === undefined ? {} : { cwd }) })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new Error(`apt-get could not fetch the server from Debian: ${said || String(error)}`, { cause: error })
  }
}

async function candidateVersion(options: string[], name: string): Promise<string> {
  const { stdout } = await run('apt-cache', [...options, 'policy', name], { env: { ...process.env, LC_ALL: 'C' } })
  const version = /Candidate: (\S+)/.exec(stdout)?.[1]
  if (version === undefined || version === '(none)') throw new Error(`Debian's unstable suite has no package ${name} for this machine's architecture`)
  return version
}

/** Folders of servers that were fetched before, the newest version first. */
export async function fetchedFolders(label: string): Promise<string[]> {
  const folder = join(cacheFolder(), 'servers')
  const names = await readdir(folder).catch(() => [])
  const ours = names.filter(name => name.startsWith(`${label}-`) && name.endsWith(`-${process.arch}`))
  return ours.sort((left, right) => right.localeCompare(left, 'en', { numeric: true })).map(name => join(folder, name))
}

/** Whether this machine can fetch Debian's packages: it is Debian, and has its tools. */
export async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  if (!/^ID="?debian"?$/m.test(release)) return false
  return Promise.all(['apt-get', 'apt-cache', 'dpkg-deb'].map(tool => run(tool, ['--version']))).then(() => true, () => false)
}
