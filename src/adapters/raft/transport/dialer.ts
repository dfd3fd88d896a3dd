import type { MemberId } from '../../../model/raft/types.ts'
import type { LinkState } from '../../../ports/raft-transport.ts'
import { Connection } from './connection.ts'
import { greet, socketTo } from './greeting.ts'
import type { Lookups } from './lookups.ts'
import type { TransportOptions } from './options.ts'

type Unreachable = Extract<LinkState, { readonly state: 'unreachable' }>

const nothing = new Uint8Array()
/** One that ended sooner is connected to again more and more rarely: something is wrong that trying does not mend. */
const livedMilliseconds = 1000

/** The way to one other member: connects, proves, sends, and connects again for as long as the member is named. Only messages of ours travel on it. */
export class Dialer {
  readonly #options: TransportOptions
  readonly #to: MemberId
  readonly #address: string
  readonly #lookups: Lookups
  readonly #tell: (state: LinkState) => void
  #open: Connection | null = null
  #making: Connection | null = null
  #timers: NodeJS.Timeout[] = []
  #delay: number
  #isStopped = false
  #lastTold = ''

  constructor(options: TransportOptions, to: MemberId, address: string, lookups: Lookups, tell: (state: LinkState) => void) {
    this.#options = options
    this.#to = to
    this.#address = address
    this.#lookups = lookups
    this.#tell = tell
    this.#delay = options.limits.redialFirstMilliseconds
    this.#dial()
  }

  get address(): string {
    return this.#address
  }

  /** False: dropped. */
  send(payload: Uint8Array): boolean {
    if (this.#open === null || this.#open.waitingBytes > this.#options.limits.waitingBytesMax) return false
    this.#open.send('message', payload)
    return true
  }

  stop(): void {
    this.#isStopped = true
    this.#clearTimers()
    this.#making?.end(null)
    if (this.#open !== null) {
      const open = this.#open
      this.#open = null
      open.end(null)
      this.#tell({ state: 'lost', why: 'stopped' })
    }
  }

  #dial(): void {
    const { limits } = this.#options
    const connection = new Connection(socketTo(this.#address, this.#options, this.#lookups))
    this.#making = connection
    let refusal: Unreachable | null = null
    const late = setTimeout(() => connection.end(new Error(`no answer within ${limits.connectMilliseconds} ms`)), limits.connectMilliseconds)
    this.#timers.push(late)
    connection.onEnd = error => {
      clearTimeout(late)
      if (this.#isStopped) return
      if (this.#making === connection) {
        this.#making = null
        this.#tellOnce(refusal ?? unreachable(error))
      }
      this.#redial()
    }
    const { member, group, secret } = this.#options
    greet({
      connection, address: this.#address, secret, says: { group: group ?? '', from: member ?? '', to: this.#to },
      open: () => {
        connection.allow(limits.frameBytesMax)
        clearTimeout(late)
        this.#making = null
        this.#opened(connection)
      },
      refused: told => {
        refusal = told
        connection.end(null)
      },
    })
  }

  #opened(connection: Connection): void {
    const { pingMilliseconds, silentMilliseconds } = this.#options.limits
    this.#open = connection
    const openedAt = performance.now()
    let heardAt = performance.now()
    let pingedAt = heardAt
    let isSilent = false
    connection.onFrame = () => { heardAt = performance.now() }
    const ping = setInterval(() => {
      const now = performance.now()
      const wasAsleep = now - pingedAt > 2 * pingMilliseconds // then what was sent to us is still unread, and nobody was silent
      pingedAt = now
      if (wasAsleep) heardAt = now
      isSilent = now - heardAt > silentMilliseconds
      if (isSilent) connection.end(new Error(`nothing heard for ${silentMilliseconds} ms`))
      else connection.send('ping', nothing)
    }, pingMilliseconds)
    this.#timers.push(ping)
    connection.onEnd = () => {
      if (this.#isStopped || this.#open !== connection) return
      this.#open = null
      this.#clearTimers()
      this.#tellOnce({ state: 'lost', why: isSilent ? 'silent' : 'closed' })
      if (performance.now() - openedAt < livedMilliseconds) return this.#redial()
      this.#delay = this.#options.limits.redialFirstMilliseconds
      return this.#dial() // at once: a process that ended is told from a connection that did
    }
    this.#tellOnce({ state: 'open' })
  }

  #redial(): void {
    this.#clearTimers()
    const wait = this.#delay * (0.5 + Math.random() / 2)
    this.#delay = Math.min(this.#options.limits.redialLastMilliseconds, this.#delay * 2)
    this.#timers.push(setTimeout(() => this.#dial(), wait))
  }

  /** A member that is away for a day is told of once, not four times a second. */
  #tellOnce(state: LinkState): void {
    const text = JSON.stringify(state)
    if (text === this.#lastTold) return
    this.#lastTold = text
    this.#tell(state)
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
  }
}

function unreachable(error: Error | null): Unreachable {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '' // Node's errors of sockets carry one
  const text = error?.message ?? 'the connection was closed before the greeting was over'
  if (code === 'ECONNREFUSED') return { state: 'unreachable', why: 'refused', text }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { state: 'unreachable', why: 'no-name', text }
  if (text.startsWith('no answer within')) return { state: 'unreachable', why: 'no-answer', text }
  return { state: 'unreachable', why: 'failed', text }
}
