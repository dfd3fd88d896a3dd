import type { Duplex } from 'node:stream'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import { AnswerReader } from './answer-reader.ts'
import type { Deadline } from './deadline.ts'
import type { Connection, OpenOptions, Outcomes, Statement } from './driver.ts'
import { endsConnection, failureOf, timedOut } from './failures.ts'
import type { Rows } from './rows.ts'

const command = { quit: 1, query: 3 }
const headerBytes = 4
const payloadMax = 0xff_ffff
/** After a deadline, for reading what has already come. */
const unreadMilliseconds = 5

/** A connection after the login: queries as text, one batch at a time. */
export class WireConnection implements Connection {
  readonly openedAt: number
  readonly isTls: boolean
  account: string | undefined
  isOneByOne = false
  #isOpen = true
  readonly #wire: Duplex
  readonly #options: OpenOptions
  readonly #reader: AnswerReader
  /** Ends the batch that is under way with its answer or a failure. */
  #settle: ((answer: Result<Outcomes, ServerFailure>) => void) | null = null

  constructor(wire: Duplex, options: OpenOptions) {
    const { key, login, clock, columns } = options
    this.#wire = wire
    this.#options = options
    this.#reader = new AnswerReader(columns)
    this.openedAt = clock.monotonic()
    this.isTls = login.tls !== null
    const lost = (text: string): void => this.#lost({ kind: 'connection-lost', number: null, text })
    wire.on('data', (chunk: Buffer) => this.#take(chunk))
    wire.on('error', (error: Error) => this.#lost(failureOf(error)))
    wire.on('end', () => lost(`${key} closed the connection`))
    wire.on('close', () => lost(`the connection to ${key} was closed`))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async run(statements: readonly Statement[], deadline: Deadline, onFailure: 'stop' | 'go on'): Promise<Result<Outcomes, ServerFailure>> {
    const first = await this.#send(this.isOneByOne ? statements.slice(0, 1) : statements, deadline)
    if (!first.ok || first.value.length >= statements.length) return first
    const outcomes = [...first.value]
    while (outcomes.length < statements.length && (onFailure === 'go on' || outcomes.at(-1)?.ok !== false)) {
      const more = await this.#send(statements.slice(outcomes.length, this.isOneByOne ? outcomes.length + 1 : undefined), deadline)
      if (!more.ok) return more
      outcomes.push(...more.value)
    }
    return ok(outcomes)
  }

  /** One round trip: outcomes up to and including the first rejected statement. */
  #send(statements: readonly Statement[], deadline: Deadline): Promise<Result<Outcomes, ServerFailure>> {
    const { key, clock, packetMax } = this.#options
    if (!this.#isOpen) return Promise.resolve(fail({ kind: 'connection-lost', number: null, text: `the connection to ${key} is closed` }))
    if (this.#settle !== null) throw new Error('a batch was sent on a connection that is busy with another one')
    const packet = queryPacket(statements.map(statement => statement.sql).join(';\n'), packetMax > 0 ? Math.min(packetMax, payloadMax - 1) : payloadMax - 1)
    if (typeof packet === 'number') return Promise.resolve(fail(tooLong(packet, packetMax)))
    return new Promise(resolve => {
      // When this process was busy for long, the answer may have come and not been read yet: timers go off before sockets are read.
      let cancelTimer = clock.after(deadline.left, () => {
        cancelTimer = clock.after(unreadMilliseconds, () => {
          this.#end(fail(timedOut(`${key} did not answer in time`)))
          this.close()
        })
      })
      this.#settle = answer => {
        cancelTimer()
        resolve(answer)
      }
      this.#reader.begin({ statements, account: this.account })
      this.#wire.write(packet)
    })
  }

  #take(chunk: Buffer): void {
    if (!this.#isOpen) return
    const taken = this.#reader.take(chunk)
    if (taken === 'more') return
    const { sets, rejected } = this.#reader
    const strange: ServerFailure = { kind: 'not-mysql', number: null, text: `${this.#options.key} answers what no MySQL server answers` }
    if (taken === 'broken') return this.#lost(rejected ?? strange)
    if (rejected !== null && endsConnection(rejected)) return this.#lost(rejected)
    const outcomes: Result<Rows, ServerFailure>[] = sets.map(ok)
    this.#end(ok(rejected === null ? outcomes : [...outcomes, fail(rejected)]))
  }

  #end(answer: Result<Outcomes, ServerFailure>): void {
    const settle = this.#settle
    this.#settle = null
    settle?.(answer)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    if (this.#settle === null && this.#wire.writable) this.#wire.write(Buffer.of(1, 0, 0, 0, command.quit)) // else the server counts an aborted client
    this.#wire.destroy()
    this.#end(fail({ kind: 'connection-lost', number: null, text: `the connection to ${this.#options.key} was closed by this program` }))
  }

  #lost(failure: ServerFailure): void {
    if (!this.#isOpen) return
    this.#end(fail(failure))
    this.close()
    this.#options.onLost(failure)
  }
}

const tooLong = (bytes: number, packetMax: number): ServerFailure => ({
  kind: 'statement-rejected', number: null,
  text: `a packet of ${bytes} bytes is too long to be sent: ${packetMax > 0 ? `MySQLTopologyMaxAllowedPacket is ${packetMax}` : `one packet holds ${payloadMax - 1}`}`,
})

/** Its length when that is more than `most`; but for huge GTID sets nothing that is sent comes near a packet's end. */
function queryPacket(sql: string, most: number): Buffer | number {
  const length = Buffer.byteLength(sql) + 1
  if (length > most) return length
  const packet = Buffer.allocUnsafe(headerBytes + length)
  packet.writeUIntLE(length, 0, 3)
  packet[3] = 0
  packet[4] = command.query
  packet.write(sql, headerBytes + 1)
  return packet
}
