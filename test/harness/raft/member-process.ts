import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answered } from '../../../src/engine/raft/answers.ts'
import type { RaftNodePolicy } from '../../../src/engine/raft/policy.ts'
import type { RaftStatus } from '../../../src/engine/raft/raft-node.ts'
import type { MemberId } from '../../../src/model/raft/types.ts'
import { AskedProcess, noAnswer } from './asked-process.ts'
import type { MemberQuestion, MemberSaid, MemberSettings } from './member-words.ts'
import type { RegisterCommand } from './register-commands.ts'
import { freePort } from '../recorded/free-port.ts'

export type MemberStatus = RaftStatus & { readonly isLeader: boolean; readonly memoryBytes: number; readonly cpuMicroseconds: NodeJS.CpuUsage }

/** One member as a process that can be killed, frozen and asked. */
export class MemberProcess extends AskedProcess<MemberSettings, MemberQuestion, MemberSaid> {
  constructor(settings: MemberSettings) {
    super(fileURLToPath(new URL('member-program.ts', import.meta.url)), settings, 'kept')
  }

  get name(): MemberId {
    return this.settings.member
  }

  get isReady(): boolean {
    return this.said.some(({ kind }) => kind === 'ready')
  }

  /** What it wrote on its standard error, and what failed in it. */
  get complaint(): string {
    return [this.errorOutput, ...this.said.filter(said => said.kind === 'failed').map(({ part, text }) => `${part}: ${text}`)].join('\n').trim()
  }

  async status(milliseconds = 1000): Promise<MemberStatus | null> {
    const status = await this.ask({ what: 'status' }, milliseconds)
    return status === noAnswer ? null : status as MemberStatus // as member-program.ts makes it
  }

  async propose(id: string, command: RegisterCommand, milliseconds = 6000): Promise<Answered> {
    const answer = await this.ask({ what: 'propose', id, command }, milliseconds)
    return answer === noAnswer ? { ok: false, failure: { kind: 'unknown', why: 'no-answer' } } : answer as Answered // as member-program.ts makes it
  }
}

export async function until<Value>(look: () => Promise<Value | null> | Value | null, what: string | (() => string), milliseconds = 20_000): Promise<Value> {
  const end = performance.now() + milliseconds
  for (;;) { // ends with the time
    const found = await look()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`not within ${milliseconds} ms: ${typeof what === 'string' ? what : what()}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

export interface GroupOptions {
  readonly names?: readonly string[]
  /** Members that do not exist at the beginning. */
  readonly newcomers?: readonly string[]
  readonly policy?: Partial<RaftNodePolicy>
}

/** Several members of one group, each with its folder and its address on this machine. */
export class MemberGroup implements AsyncDisposable {
  readonly members = new Map<string, MemberProcess>()
  readonly #folder: string
  readonly #addresses: Readonly<Record<string, string>>
  readonly #founders: readonly MemberId[]
  readonly #options: GroupOptions

  private constructor(folder: string, addresses: Readonly<Record<string, string>>, founders: readonly MemberId[], options: GroupOptions) {
    this.#folder = folder
    this.#addresses = addresses
    this.#founders = founders
    this.#options = options
  }

  static async start(options: GroupOptions = {}): Promise<MemberGroup> {
    const names = options.names ?? ['a', 'b', 'c']
    const addresses: Record<string, string> = {}
    for (const [place, name] of [...names, ...options.newcomers ?? []].entries()) {
      const host = `127.41.9.${place + 1}`
      addresses[name] = `${host}:${await freePort(host)}`
    }
    const group = new MemberGroup(mkdtempSync(join(tmpdir(), 'orchestrator-members-')), addresses, names as readonly MemberId[], options) // ids are texts to the test
    for (const name of names) group.startMember(name)
    return group
  }

  /** How each of them is, for who has to find out why. */
  get described(): string {
    return [...this.members.values()].map(({ name, isAlive, isReady, complaint }) => `${name} ${isAlive ? 'runs' : 'has ended'}, ${isReady ? 'ready' : 'not ready'}: ${complaint || 'no complaint'}`).join('\n')
  }

  folderOf(name: string): string {
    return join(this.#folder, name)
  }

  startMember(name: string): MemberProcess {
    const member = new MemberProcess({
      folder: this.folderOf(name), member: name as MemberId, members: this.#addresses, founders: this.#founders, group: 'test', secret: 'a secret of the test',
      policy: this.#options.policy ?? {}, keepsAllPeers: (this.#options.newcomers ?? []).length > 0,
    })
    this.members.set(name, member)
    return member
  }

  member(name: string): MemberProcess {
    const member = this.members.get(name)
    if (member === undefined) throw new Error(`there is no member ${name}`)
    return member
  }

  /** The one that answers as leader, of the highest term where two do. */
  leader(beside: readonly string[] = [], milliseconds = 20_000): Promise<MemberProcess> {
    return until(async () => {
      const all = await Promise.all([...this.members.values()].filter(({ name, isAlive, isReady }) => isAlive && isReady && !beside.includes(name)).map(async member => ({ member, status: await member.status(300) })))
      const leading = all.filter(({ status }) => status?.isLeader === true).toSorted((one, other) => (other.status?.term ?? 0) - (one.status?.term ?? 0))
      return leading[0]?.member ?? null
    }, () => `a leader beside ${beside.join(', ') || 'nobody'}:\n${this.described}`, milliseconds)
  }

  /** Asks one member after the other until one carries it out. The same id is carried out once, however often it is asked for. */
  async propose(id: string, command: RegisterCommand, milliseconds = 20_000): Promise<unknown> {
    return until(async () => {
      for (const member of this.members.values()) {
        if (!member.isAlive) continue
        const answer = await member.propose(id, command, 1500)
        if (answer.ok) return { value: answer.value }
      }
      return null
    }, `${id} is carried out`, milliseconds).then(({ value }) => value)
  }

  read(name: string, key: string, milliseconds = 20_000): Promise<string | null> {
    return until(async () => {
      const answer = await this.member(name).ask({ what: 'read', key }, 3000)
      return answer !== noAnswer && (answer as Answered).ok ? { value: (answer as { value: string | null }).value } : null // as member-program.ts makes it
    }, () => `${name} reads ${key}:\n${this.described}`, milliseconds).then(({ value }) => value)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.members.values()) await member.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
