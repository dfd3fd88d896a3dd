import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RaftDisk, RaftDiskFailure, RaftDisks, RaftIdentity } from '../../ports/raft-disk.ts'
import type { RaftTransport } from '../../ports/raft-transport.ts'
import type { MemberId, Notice } from '../../model/raft/types.ts'
import type { RaftNodePolicy } from '../raft/policy.ts'
import { RaftNode } from '../raft/raft-node.ts'
import type { StateMachine } from '../raft/state-machine.ts'
import { memberOf, nameOf } from './raft-names.ts'

export interface RaftMemberParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly disks: RaftDisks
  readonly machine: StateMachine
  readonly policy: RaftNodePolicy
  readonly folder: string
  readonly name: string
  /** What the program cannot go on with: an invariant of Raft was broken. */
  readonly fatal: (text: string) => void
  readonly notice: (notice: Notice) => void
}

const retryFirstMilliseconds = 1000
const retryLastMilliseconds = 30_000

/**
 * One disk, and the node at work on it. A disk or a memory that fails ends the node, and both are opened anew; a damaged disk is set aside, and its member comes
 * back as a new one.
 */
export class RaftMember {
  readonly #parts: RaftMemberParts
  readonly #transport: Pick<RaftTransport, 'become' | 'send' | 'setPeers'>
  #disk: RaftDisk | null = null
  #node: RaftNode | null = null
  #blank: string
  #failure: string | null = null
  #retryMilliseconds = retryFirstMilliseconds
  #cancelRetry: () => void = () => undefined
  /** Opening, beginning and closing happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(parts: RaftMemberParts, transport: Pick<RaftTransport, 'become' | 'send' | 'setPeers'>) {
    this.#parts = parts
    this.#transport = transport
    this.#blank = parts.random.hex(6)
  }

  get node(): RaftNode | null {
    return this.#node
  }

  get identity(): RaftIdentity | null {
    return this.#disk?.found?.identity ?? null
  }

  /** The part of the identity that is the disk's; of a blank one, the part that it will have. */
  get disk(): string {
    return this.identity === null ? this.#blank : this.identity.member.slice(nameOf(this.identity.member).length + 1)
  }

  /** Nothing was ever written here, and nothing was lost. */
  get mayFound(): boolean {
    return this.#disk !== null && !this.#disk.wasSetAside
  }

  /** Can be read and has no data: it may begin with a group. */
  get isBlank(): boolean {
    return this.#disk !== null && this.#disk.found === null
  }

  /** Why the disk is not at work; null: it is. */
  get failure(): string | null {
    return this.#failure
  }

  /** The first time: what is wrong with the folder is told, and nothing is tried again. */
  open(): Promise<RaftDiskFailure | null> {
    return this.#inTurn(() => this.#open())
  }

  /** Makes the blank disk that of a member; false when it is one already, or cannot be used. */
  begin(group: string, voters: readonly MemberId[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const disk = this.#disk
      if (disk === null || disk.found !== null || this.#isClosed) return false
      try {
        await disk.begin({ member: memberOf(this.#parts.name, this.#blank), group }, { index: 0, term: 0, configuration: { voters, outgoing: [], learners: [] } }, new Uint8Array())
        await this.#start(disk)
        return true
      } catch (error) {
        this.#failed('disk', error)
        return false
      }
    })
  }

  /** Sets aside what is on the disk and comes back blank. */
  leave(why: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#closeDisk()
      await this.#setAside(why)
      const failure = await this.#open()
      if (failure !== null) this.#failed('disk', JSON.stringify(failure))
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelRetry()
    this.#node?.stop()
    await this.#inTurn(() => this.#closeDisk())
  }

  async #open(): Promise<RaftDiskFailure | null> {
    const { disks, folder, log } = this.#parts
    let opened = await disks.open(folder)
    if (!opened.ok && opened.failure.kind === 'damaged') {
      const { file, what } = opened.failure
      log.error('the disk of this member is damaged: it comes back as a new member', { folder, file, what })
      await this.#setAside(`${file} ${what}`)
      opened = await disks.open(folder)
    }
    if (!opened.ok) return opened.failure
    const disk = opened.value
    this.#disk = disk
    if (disk.found === null) this.#blank = this.#parts.random.hex(6)
    else {
      if (disk.found.tornTail) log.warning('the last write before this member ended had not reached the disk whole; it had not been acknowledged', { folder })
      if (nameOf(disk.found.identity.member) !== this.#parts.name) {
        await this.#closeDisk()
        return { kind: 'not-usable', folder, text: `it is that of ${disk.found.identity.member}, and this member is ${this.#parts.name}: RaftAdvertise has changed, or the folder is another member's` }
      }
      await this.#start(disk)
    }
    this.#failure = null
    this.#retryMilliseconds = retryFirstMilliseconds
    return null
  }

  async #setAside(why: string): Promise<void> {
    const { disks, folder, log } = this.#parts
    const aside = await disks.setAside(folder)
    log.warning('what was on the disk of this member was set aside', { folder, aside, why })
  }

  async #start(disk: RaftDisk): Promise<void> {
    const { clock, random, machine, policy, notice } = this.#parts
    if (disk.found === null || this.#isClosed) return
    this.#transport.become(disk.found.identity)
    const node: RaftNode = await RaftNode.start({
      clock, random, disk, machine, policy, transport: this.#transport, addressOf: nameOf,
      events: { notice, failed: (part, error) => { if (this.#node === node) this.#failed(part, error) } },
    })
    this.#node = node
  }

  #failed(part: 'disk' | 'state-machine' | 'core', error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    this.#node = null
    this.#failure = text
    if (this.#isClosed) return
    if (part === 'core') return this.#parts.fatal(`An invariant of Raft was broken: ${text}`)
    this.#parts.log.error('this member takes no part until it is opened anew', { part, text, inSeconds: this.#retryMilliseconds / 1000 })
    this.#cancelRetry = this.#parts.clock.after(this.#retryMilliseconds, () => void this.#inTurn(() => this.#again()))
    this.#retryMilliseconds = Math.min(retryLastMilliseconds, 2 * this.#retryMilliseconds)
    return undefined
  }

  async #again(): Promise<void> {
    if (this.#isClosed) return
    const wait = this.#retryMilliseconds
    try {
      await this.#closeDisk()
      const failure = await this.#open()
      if (failure !== null) this.#failed('disk', 'text' in failure ? failure.text : failure.kind)
    } catch (error) {
      this.#retryMilliseconds = wait // opening had gone well until the memory was to be restored
      this.#failed('state-machine', error)
    }
  }

  async #closeDisk(): Promise<void> {
    this.#node?.stop()
    this.#node = null
    const disk = this.#disk
    this.#disk = null
    await disk?.close().catch((error: unknown) => this.#parts.log.warning('the disk of this member could not be closed', { text: String(error) }))
  }

  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(act)
    this.#turn = done.catch(() => undefined) // told to whoever asked
    return done
  }
}
