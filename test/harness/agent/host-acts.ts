import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'
import { dataOf, errorLogOf } from '../sandbox/server-options.ts'

const run = promisify(execFile)

/** How an end of a copy stands. */
interface CopyEnd {
  isCompleted: boolean
  isSucceeded: boolean
  process: ChildProcess | null
  server: Server | null
}

/** What an agent does with its host: a server of the sandbox, whose data folder is its volume. */
export class HostActs {
  readonly server: SandboxServer
  readonly #snapshots: string
  readonly #copies = new Map<number, CopyEnd>()
  #mounted: string | null = null

  constructor(server: SandboxServer) {
    this.server = server
    this.#snapshots = join(server.folder, 'snapshots')
  }

  async volumes(): Promise<readonly string[]> {
    return existsSync(this.#snapshots) ? (await readdir(this.#snapshots)).sort().map(name => join(this.#snapshots, name)) : []
  }

  get mounted(): string | null {
    return this.#mounted
  }

  /** The server is ended for it, so that the copy is whole; a volume manager would need no such rest. */
  async createSnapshot(): Promise<void> {
    const wasRunning = this.server.isRunning
    if (wasRunning) await this.server.stop()
    await mkdir(this.#snapshots, { recursive: true })
    await run('cp', ['-a', dataOf(this.server.folder), join(this.#snapshots, `snapshot-${(await this.volumes()).length + 1}`)])
    if (wasRunning) await this.server.start()
  }

  async mount(volume: string): Promise<void> {
    if (this.#mounted !== null) throw new Error(`${this.#mounted} is mounted already`)
    if (!(await this.volumes()).includes(volume)) throw new Error(`there is no volume ${volume}`)
    this.#mounted = volume
  }

  unmount(): void {
    if (this.#mounted === null) throw new Error('nothing is mounted')
    this.#mounted = null
  }

  async removeVolume(volume: string): Promise<void> {
    if (!(await this.volumes()).includes(volume)) throw new Error(`there is no volume ${volume}`)
    await rm(volume, { recursive: true })
  }

  async eraseData(): Promise<void> {
    if (this.server.isRunning) throw new Error('MySQL runs')
    await rm(dataOf(this.server.folder), { recursive: true, force: true })
    await mkdir(dataOf(this.server.folder))
  }

  bytesOfData = (): Promise<number> => bytesBelow(dataOf(this.server.folder))
  bytesMounted = async (): Promise<number> => (this.#mounted === null ? 0 : bytesBelow(this.#mounted))

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.server.folder)
    return bavail * bsize
  }

  async errorLogTail(): Promise<readonly string[]> {
    return (await readFile(errorLogOf(this.server.folder), 'utf8')).trim().split('\n').slice(-20)
  }

  /** Listens for a tar stream and unpacks it into the data folder; answers the port. */
  async receive(seed: number): Promise<number> {
    const end: CopyEnd = { isCompleted: false, isSucceeded: false, process: null, server: null }
    this.#copies.set(seed, end)
    const unpack = spawn('tar', ['-x', '-C', dataOf(this.server.folder)], { stdio: ['pipe', 'ignore', 'ignore'] })
    end.process = unpack
    unpack.stdin.on('error', () => {}) // whoever unpacks has ended, which its exit tells
    const server = createServer(socket => {
      socket.on('error', () => unpack.kill())
      socket.pipe(unpack.stdin)
    })
    end.server = server
    unpack.once('close', code => {
      end.isCompleted = true
      end.isSucceeded = code === 0
      server.close()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port // it listens on a port
  }

  /** Packs what is mounted and sends it there. `bytesPerSecond` keeps it slow enough to be seen. */
  async send(seed: number, port: number): Promise<void> {
    const volume = this.#mounted
    if (volume === null) throw new Error('nothing is mounted')
    const end: CopyEnd = { isCompleted: false, isSucceeded: false, process: null, server: null }
    this.#copies.set(seed, end)
    const pack = spawn('tar', ['-c', '--exclude=auto.cnf', '-C', volume, '.'], { stdio: ['ignore', 'pipe', 'ignore'] })
    end.process = pack
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => pack.kill())
    pack.stdout.pipe(socket)
    const code = await new Promise<number | null>(resolve => pack.once('close', resolve))
    end.isCompleted = true
    end.isSucceeded = code === 0
    if (code !== 0) throw new Error(`tar ended with ${code}`)
  }

  abort(seed: number): void {
    const end = this.#copies.get(seed)
    end?.process?.kill()
    end?.server?.close()
  }

  isCompleted = (seed: number): boolean => this.#copies.get(seed)?.isCompleted ?? false
  isSucceeded = (seed: number): boolean => this.#copies.get(seed)?.isSucceeded ?? false
}

async function bytesBelow(folder: string): Promise<number> {
  // Files come and go while it counts.
  const { stdout } = await run('du', ['-s', '--apparent-size', '--block-size=1', folder]).catch((error: unknown) => ({ stdout: (error as { readonly stdout?: string }).stdout ?? '' }))
  return Number(stdout.split('\t')[0] ?? 0)
}
