import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { MysqlSettings } from '../settings.ts'
import type { Deadline } from './deadline.ts'
import { type Connection, type Login, openConnection, type Outcomes, type Statement } from './driver.ts'
import { isIdleGoodbye, timedOut } from './failures.ts'
import type { KnownColumns } from './known-columns.ts'
import type { TlsPolicy } from './tls-policy.ts'

/** One that stays, for polling, and one on demand while the first waits or blocks. */
const connectionsMax = 2
const idleSecondMilliseconds = 60_000
/** Acts that wait for a connection of one server; more than that means something is wrong above. */
const waitersMax = 32

export interface ConnectionsOptions {
  readonly key: InstanceKey
  readonly settings: MysqlSettings
  readonly tls: TlsPolicy
  readonly columns: KnownColumns
  readonly clock: Pick<Clock, 'after' | 'monotonic'>
  readonly onLost: (key: InstanceKey, failure: ServerFailure) => void
}

type Slot = { connection: Connection | null; isBusy: boolean; cancelIdleTimer: (() => void) | null }

/** All connections to one server: the first persistent, the second closed after idling. Broken ones are replaced when next needed. */
export class ServerConnections {
  readonly #options: ConnectionsOptions
  readonly #slots: Slot[] = Array.from({ length: connectionsMax }, () => ({ connection: null, isBusy: false, cancelIdleTimer: null }))
  #waiters: (() => void)[] = []
  #isClosed = false
  /** Grows with every connection that was opened: what was learnt on an older one may not hold any more. */
  generation = 0

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** True when an open connection stands ready, so that an act costs no login. */
  get isOpen(): boolean {
    return this.#slots.some(slot => slot.connection?.isOpen === true)
  }

  get isTls(): boolean {
    return this.#slots.some(slot => slot.connection?.isTls === true)
  }

  /** Lends a connection to `use`, alone, until its promise settles. */
  async borrow<Value>(deadline: Deadline, use: (connection: Connection) => Promise<Result<Value, ServerFailure>>): Promise<Result<Value, ServerFailure>> {
    const slot = await this.#take(deadline)
    if (!slot.ok) return slot
    const { value: taken } = slot
    try {
      const connection = await this.#connected(taken, deadline)
      return connection.ok ? await use(connection.value) : connection
    } finally {
      this.#giveBack(taken)
    }
  }

  run(statements: readonly Statement[], deadline: Deadline, onFailure: 'stop' | 'go on'): Promise<Result<Outcomes, ServerFailure>> {
    return this.borrow(deadline, connection => connection.run(statements, deadline, onFailure))
  }

  close(): void {
    this.#isClosed = true
    for (const slot of this.#slots) {
      slot.cancelIdleTimer?.()
      slot.connection?.close()
    }
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  async #take(deadline: Deadline): Promise<Result<Slot, ServerFailure>> {
    while (!this.#isClosed) {
      const free = this.#slots.find(slot => !slot.isBusy && slot.connection?.isOpen === true) ?? this.#slots.find(slot => !slot.isBusy)
      if (free !== undefined) {
        free.isBusy = true
        free.cancelIdleTimer?.()
        free.cancelIdleTimer = null
        return ok(free)
      }
      if (this.#waiters.length >= waitersMax || !(await this.#wasWokenBefore(deadline))) break
    }
    return fail(timedOut(this.#isClosed ? `${this.#options.key} was released` : `all connections to ${this.#options.key} were busy`))
  }

  /** False when the deadline passed before a connection was given back. */
  #wasWokenBefore(deadline: Deadline): Promise<boolean> {
    return new Promise(resolve => {
      const wake = (): void => {
        cancel()
        resolve(true)
      }
      const cancel = this.#options.clock.after(deadline.left, () => {
        this.#waiters = this.#waiters.filter(waiter => waiter !== wake)
        resolve(false)
      })
      this.#waiters.push(wake)
    })
  }

  #giveBack(slot: Slot): void {
    slot.isBusy = false
    if (this.#isClosed) slot.connection?.close()
    else if (slot !== this.#slots[0] && slot.connection?.isOpen === true && this.#slots[0]?.connection?.isOpen === true) {
      slot.cancelIdleTimer = this.#options.clock.after(idleSecondMilliseconds, () => slot.connection?.close())
    }
    this.#waiters.shift()?.()
  }

  async #connected(slot: Slot, deadline: Deadline): Promise<Result<Connection, ServerFailure>> {
    const lifetime = this.#options.settings.connectionLifetimeSeconds * 1000
    const { connection } = slot
    if (connection?.isOpen === true) {
      if (lifetime === 0 || this.#options.clock.monotonic() - connection.openedAt < lifetime) return ok(connection)
      connection.close()
    }
    const opened = await this.#open(deadline.within(this.#options.settings.connectTimeoutSeconds * 1000))
    if (!opened.ok) return opened
    if (this.#isClosed) {
      opened.value.close()
      return fail(timedOut(`${this.#options.key} was released`))
    }
    slot.connection = opened.value
    if (slot === this.#slots[0]) this.generation++
    return opened
  }

  async #open(deadline: Deadline): Promise<Result<Connection, ServerFailure>> {
    const { key, tls } = this.#options
    const withTls = tls.startsWithTls(key)
    const first = await this.#login(withTls, deadline)
    if (first.ok || withTls || !tls.isWorthTls(key, first.failure)) return first
    const second = await this.#login(true, deadline)
    if (second.ok) tls.noteTlsOnly(key)
    else tls.noteTlsDidNotHelp(key)
    return second.ok || first.failure.number === 3159 ? second : first
  }

  #login(withTls: boolean, deadline: Deadline): Promise<Result<Connection, ServerFailure>> {
    const { key, settings, tls, columns, clock, onLost } = this.#options
    const login: Login = { user: settings.user, password: settings.password, tls: withTls ? tls.files : null }
    return openConnection({ key, login, deadline, clock, columns, packetMax: settings.maxAllowedPacket, onLost: failure => { if (!isIdleGoodbye(failure)) onLost(key, failure) } })
  }
}
