import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fetchDebianPackages, fetchedFolders, isDebian } from '../sandbox/debian-packages.ts'

const run = promisify(execFile)
const readyMilliseconds = 30_000

const javaCommand = (): string => process.env['JAVA'] || 'java'

/** Why ZooKeeper cannot be run here; null where it can. Debian's Java cannot be run from a folder of its own, as the servers are. */
export async function whyNoJava(): Promise<string | null> {
  return run(javaCommand(), ['-version']).then(() => null, () => 'ZooKeeper is a Java program, and no Java was found: install one, or set JAVA to its path')
}

/** One program of a test in a folder of its own, ended with it. */
export class RealProgram {
  readonly folder: string
  readonly #child: ChildProcess
  #said = ''

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-20_000)))
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  private static async start(prefix: string, file: { readonly name: string; readonly text: (folder: string) => string }, words: (path: string) => readonly [string, ...string[]], isReady: () => Promise<boolean>): Promise<RealProgram> {
    const folder = await mkdtemp(join(tmpdir(), prefix))
    const path = join(folder, file.name)
    await writeFile(path, file.text(folder))
    const [command, ...args] = words(path)
    const program = new RealProgram(folder, spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }))
    const until = performance.now() + readyMilliseconds
    while (!(await isReady())) {
      if (!program.isRunning || performance.now() > until) {
        await program[Symbol.asyncDispose]()
        throw new Error(`${command} did not become ready: ${program.#said}`)
      }
      await sleep(50)
    }
    return program
  }

  /** A ZooKeeper alone. It runs on the Java that `JAVA` names, or the machine's own. */
  static async zookeeper(port: number, isReady: () => Promise<boolean>): Promise<RealProgram> {
    const why = await whyNoJava()
    if (why !== null) throw new Error(why)
    const share = join(await folderOf('zookeeper-jars', ['libzookeeper-java', 'libdropwizard-metrics-java', 'libslf4j-java', 'libsnappy-java']), 'usr', 'share', 'java')
    const jars = ['zookeeper', 'zookeeper-jute', 'slf4j-api', 'slf4j-simple', 'metrics-core', 'snappy-java'].map(name => join(share, `${name}.jar`)).join(':')
    const text = (folder: string): string => [`tickTime=500`, `dataDir=${join(folder, 'data')}`, `clientPort=${port}`, 'clientPortAddress=127.0.0.1', 'admin.enableServer=false', ''].join('\n')
    return RealProgram.start('orc-zookeeper-', { name: 'zoo.cfg', text }, path => [javaCommand(), '-Xmx64m', '-cp', jars, 'org.apache.zookeeper.server.ZooKeeperServerMain', path], isReady)
  }

  static async haproxy(configuration: string, isReady: () => Promise<boolean>): Promise<RealProgram> {
    const root = await folderOf('haproxy', ['haproxy'], false)
    const libraries = join(root, 'usr', 'lib', (await readdir(join(root, 'usr', 'lib'))).find(name => name.includes('-linux-')) ?? '')
    const loader = (await readdir(libraries)).find(name => /^ld-linux.*\.so\.\d+$/.test(name)) ?? ''
    return RealProgram.start('orc-haproxy-', { name: 'haproxy.cfg', text: () => configuration },
      path => [join(libraries, loader), '--library-path', libraries, join(root, 'usr', 'sbin', 'haproxy'), '-db', '-f', path], isReady)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) {
      const ended = new Promise(resolve => this.#child.once('close', resolve))
      this.#child.kill('SIGKILL')
      await ended
    }
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function folderOf(label: string, packages: readonly [string, ...string[]], alone = true): Promise<string> {
  const [newest] = await fetchedFolders(label)
  if (newest !== undefined) return newest
  if (!(await isDebian())) throw new Error(`${packages[0]} is fetched from Debian's packages, and this system is not Debian (or lacks apt-get, apt-cache, dpkg-deb)`)
  return fetchDebianPackages(label, packages, () => {}, { alone })
}
