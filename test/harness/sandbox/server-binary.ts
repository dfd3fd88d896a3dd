import { execFile } from 'node:child_process'
import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { exists } from './cache-folder.ts'
import { fetchDebianPackages, fetchedFolders, isDebian } from './debian-packages.ts'

const run = promisify(execFile)

export type Flavour = 'mysql' | 'mariadb'

/** A server program that can be run, wherever it came from. */
export interface ServerBinary {
  readonly flavour: Flavour
  /** As the server states it: `9.7.4`, `11.8.9-MariaDB`. */
  readonly version: string
  /** The program with the words that must stand before its options. */
  readonly command: readonly string[]
  /** Options that name the folders the program was not told of when it was built. */
  readonly layout: readonly string[]
  /** The folder with error messages, character sets and the SQL of a first start. */
  readonly share: string
  /** Changes when the program changes: names the data folder made for it. */
  readonly identity: string
}

const packagesOf = {
  mysql: { variable: 'MYSQLD', program: 'mysqld', share: 'mysql', plugins: 'mysql/plugin', packages: ['mysql-server-core', 'mysql-client-core'] },
  mariadb: { variable: 'MARIADBD', program: 'mariadbd', share: 'mariadb', plugins: 'mysql/plugin', packages: ['mariadb-server-core'] },
} as const

const found = new Map<Flavour, Promise<ServerBinary>>()

/** The server to run: the one named by `MYSQLD` / `MARIADBD`, else the newest fetched before, else fetched now from Debian. */
export function serverBinary(flavour: Flavour, say: (line: string) => void = () => {}): Promise<ServerBinary> {
  const known = found.get(flavour)
  if (known) return known
  const search = locate(flavour, say)
  found.set(flavour, search)
  search.catch(() => found.delete(flavour))
  return search
}

async function locate(flavour: Flavour, say: (line: string) => void): Promise<ServerBinary> {
  const named = process.env[packagesOf[flavour].variable]
  if (named !== undefined && named !== '') return installedBinary(flavour, named)
  const [newest] = await fetchedFolders(flavour)
  return unpackedBinary(flavour, newest ?? (await fetchServer(flavour, say)))
}

/** Fetches the newest server of Debian's unstable suite, also where an older one is in the cache. Answers its folder. */
export async function fetchServer(flavour: Flavour, say: (line: string) => void): Promise<string> {
  const { variable, program, packages } = packagesOf[flavour]
  if (!(await isDebian())) {
    throw new Error(`Real servers are fetched from Debian's packages, and this system is not Debian (or lacks apt-get, apt-cache, dpkg-deb). `
      + `Install ${flavour === 'mysql' ? 'MySQL 8.0 or newer' : 'MariaDB 10.11 or newer'} and set ${variable} to the path of its ${program}.`)
  }
  return fetchDebianPackages(flavour, packages, say)
}

/** Debian's own loader and libraries run the program, so that the machine's may be older. */
async function unpackedBinary(flavour: Flavour, folder: string): Promise<ServerBinary> {
  const { program, share, plugins } = packagesOf[flavour]
  const { loader, libraries } = await findLoader(join(folder, 'usr', 'lib'))
  const command = [loader, '--library-path', libraries, join(folder, 'usr', 'sbin', program)]
  const shareFolder = join(folder, 'usr', 'share', share)
  const layout = [
    `--lc-messages-dir=${shareFolder}`,
    `--character-sets-dir=${join(shareFolder, 'charsets')}`,
    `--plugin-dir=${join(folder, 'usr', 'lib', plugins)}`,
  ]
  return describe(flavour, { command, layout, share: shareFolder, identity: folder })
}

async function findLoader(lib: string): Promise<{ loader: string; libraries: string }> {
  for (const triplet of await readdir(lib)) {
    if (!triplet.includes('-linux-')) continue
    const loader = (await readdir(join(lib, triplet))).find(name => /^ld-linux.*\.so\.\d+$/.test(name))
    if (loader !== undefined) return { loader: join(lib, triplet, loader), libraries: join(lib, triplet) }
  }
  throw new Error(`No program loader (ld-linux…) under ${lib}; remove the folder to fetch it again`)
}

/** An installed server knows its own folders; one that was moved after its build is told them. */
async function installedBinary(flavour: Flavour, path: string): Promise<ServerBinary> {
  const { variable, share } = packagesOf[flavour]
  const program = await realpath(path).catch(() => {
    throw new Error(`${variable} names ${path}, which does not exist`)
  })
  const reported = await run(program, ['--no-defaults', '--verbose', '--help'], { maxBuffer: 16 * 1024 * 1024 }).catch(error => {
    throw new Error(`${variable} names ${path}, which does not answer --verbose --help`, { cause: error })
  })
  const told = /^lc-messages-dir\s+(\S+)/m.exec(reported.stdout)?.[1] ?? ''
  const around = join(dirname(program), '..')
  const candidates = [told, join(around, 'share'), join(around, 'share', share)]
  const folders = await Promise.all(candidates.map(async folder => (folder !== '' && await exists(join(folder, 'english', 'errmsg.sys')) ? [folder] : [])))
  const shareFolder = folders.flat()[0]
  if (shareFolder === undefined) throw new Error(`The error messages of ${path} were not found (looked in ${candidates.join(', ')})`)
  const layout = shareFolder === told ? [] : [`--lc-messages-dir=${shareFolder}`, `--character-sets-dir=${join(shareFolder, 'charsets')}`]
  const { mtimeMs, size } = await stat(program)
  return describe(flavour, { command: [program], layout, share: shareFolder, identity: `${program} ${mtimeMs} ${size}` })
}

async function describe(flavour: Flavour, parts: Omit<ServerBinary, 'flavour' | 'version'>): Promise<ServerBinary> {
  const [program = '', ...words] = parts.command
  const { stdout } = await run(program, [...words, '--no-defaults', '--version'])
  const version = /Ver (\d+\.\d+\.\d+(?:-MariaDB)?)/.exec(stdout)?.[1]
  if (version === undefined) throw new Error(`This program does not state the version of a server: ${stdout.trim()}`)
  if (version.includes('MariaDB') !== (flavour === 'mariadb')) throw new Error(`${packagesOf[flavour].variable} names another server: ${stdout.trim()}`)
  return { flavour, version, ...parts }
}
