import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EtcdClient } from '../../../src/adapters/etcd/etcd-client.ts'
import { type EtcdOptions, usualEtcdLimits } from '../../../src/adapters/etcd/options.ts'
import { fetchDebianPackages, fetchedFolders, isDebian } from '../sandbox/debian-packages.ts'
import { freePort } from '../recorded/free-port.ts'

const readyMilliseconds = 60_000

export interface RealEtcdOptions {
  readonly members?: number
  /** Files of a certificate for its address, and of the authority whose certificates clients have to show. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority: string }
}

interface Member {
  readonly name: string
  readonly client: string
  readonly peer: string
  child: ChildProcess | null
  said: string
}

/** Why etcd cannot be run here; null where it can. */
export async function whyNoEtcd(): Promise<string | null> {
  const [fetched] = await fetchedFolders('etcd')
  return fetched !== undefined || (await isDebian()) ? null : 'etcd is fetched from Debian\'s packages, and this system is not Debian'
}

/** The members of a real etcd, each a process of its own that can be killed, frozen and started again. */
export class RealEtcd implements AsyncDisposable {
  readonly #binary: string
  readonly #folder: string
  readonly #members: readonly Member[]
  readonly #options: RealEtcdOptions

  private constructor(binary: string, folder: string, members: readonly Member[], options: RealEtcdOptions) {
    this.#binary = binary
    this.#folder = folder
    this.#members = members
    this.#options = options
  }

  static async start(options: RealEtcdOptions = {}): Promise<RealEtcd> {
    const binary = join((await fetchedFolders('etcd'))[0] ?? await fetchDebianPackages('etcd', ['etcd-server'], () => {}, { alone: true }), 'usr', 'bin', 'etcd')
    const folder = await mkdtemp(join(tmpdir(), 'orc-etcd-'))
    const members: Member[] = []
    for (let number = 0; number < (options.members ?? 1); number += 1) {
      const host = `127.41.10.${number + 1}`
      const scheme = options.tls === undefined ? 'http' : 'https'
      members.push({ name: `e${number}`, client: `${scheme}://${host}:${await freePort(host)}`, peer: `http://${host}:${await freePort(host)}`, child: null, said: '' })
    }
    const etcd = new RealEtcd(binary, folder, members, options)
    for (const { name } of members) etcd.begin(name)
    try {
      if (options.tls === undefined) await etcd.ready()
    } catch (error) {
      await etcd[Symbol.asyncDispose]()
      throw error
    }
    return etcd
  }

  get endpoints(): readonly string[] {
    return this.#members.map(({ client }) => client)
  }

  get names(): readonly string[] {
    return this.#members.map(({ name }) => name)
  }

  client(options: Partial<EtcdOptions> = {}): EtcdClient {
    return new EtcdClient({ endpoints: this.endpoints as EtcdOptions['endpoints'], login: null, tls: null, limits: usualEtcdLimits, ...options }) // there is one member at least
  }

  /** The process of one member, with the data that it had. */
  begin(name: string): void {
    const member = this.#member(name)
    const { tls } = this.#options
    member.said = ''
    const child = spawn(this.#binary, [
      '--name', name, '--data-dir', join(this.#folder, name),
      '--listen-client-urls', member.client, '--advertise-client-urls', member.client, '--listen-peer-urls', member.peer, '--initial-advertise-peer-urls', member.peer,
      '--initial-cluster', this.#members.map(({ name: each, peer }) => `${each}=${peer}`).join(','), '--initial-cluster-state', 'new',
      '--unsafe-no-fsync', // processes are killed here, not machines
      '--log-level', 'warn',
      ...(tls === undefined ? [] : ['--cert-file', tls.certificate, '--key-file', tls.key, '--trusted-ca-file', tls.authority, '--client-cert-auth']),
    ], { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.on('data', (chunk: Buffer) => { member.said = (member.said + chunk.toString()).slice(-5000) })
    member.child = child
  }

  async kill(name: string): Promise<void> {
    const { child } = this.#member(name)
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'close')
  }

  signal(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#member(name).child?.kill(signal)
  }

  /** A majority answers. */
  async ready(client: EtcdClient = this.client()): Promise<void> {
    const until = performance.now() + readyMilliseconds
    for (;;) { // ends with the time
      const answer = await client.transact({ when: [], acts: [{ do: 'get', key: '/' }], otherwise: [] }, 1000)
      if (answer.ok) break
      if (performance.now() > until) throw new Error(`etcd did not become ready: ${answer.failure.text}; ${this.#members.map(({ name, said }) => `${name}: ${said}`).join('\n')}`)
      await sleep(50)
    }
    client.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.names) await this.kill(name)
    await rm(this.#folder, { recursive: true, force: true })
  }

  #member(name: string): Member {
    const member = this.#members.find(each => each.name === name)
    if (member === undefined) throw new Error(`etcd has no member ${name}`)
    return member
  }
}
