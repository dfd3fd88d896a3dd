import { connect, type Socket } from 'node:net'
import { fail, ok, type Result } from '../../../kit/result.ts'
import { errorCode, errorText, operation, Reader, Writer } from './packets.ts'

/** A failure of the server by its code; one of the connection has none. */
export interface ZookeeperFailure {
  readonly code: number | null
  readonly text: string
}

type Answer<Value> = Promise<Result<Value, ZookeeperFailure>>

const sessionMilliseconds = 10_000
const bytesMax = 4 * 1024 * 1024
const anyVersion = -1
const allRights = 31

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** One session with one server of an ensemble, for a few requests; one request at a time. */
export class ZookeeperSession {
  readonly #socket: Socket
  #rest = Buffer.alloc(0)
  #waiting: ((packet: Result<Buffer, ZookeeperFailure>) => void) | null = null
  #broken: ZookeeperFailure | null = null
  #xid = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', chunk => this.#read(chunk))
    socket.on('error', error => this.#break(error.message))
    socket.on('close', () => this.#break('the connection was closed'))
  }

  /** `until` is when, in ms of `performance.now()`, everything with this session must be over. */
  static async open({ host, port }: ServerAddress, until: number): Answer<ZookeeperSession> {
    const session = new ZookeeperSession(connect({ host, port, noDelay: true }))
    const left = Math.max(1, until - performance.now())
    const late = setTimeout(() => session.#break(`${host}:${port} did not answer in time`), left)
    session.#socket.once('close', () => clearTimeout(late))
    const hello = new Writer().int(0).long(0n).int(sessionMilliseconds).long(0n).buffer(Buffer.alloc(16)).bool(false).packet()
    const answer = await session.#exchange(hello)
    if (!answer.ok) return answer
    const reader = new Reader(answer.value)
    reader.int()
    if (reader.int() > 0) return ok(session)
    session.close()
    return fail({ code: null, text: `${host}:${port} refused the session` })
  }

  /** Null: there is no such node. */
  async get(path: string): Answer<string | null> {
    const answer = await this.#request(operation.getData, writer => writer.text(path).bool(false))
    if (!answer.ok) return answer.failure.code === errorCode.noNode ? ok(null) : answer
    return ok(answer.value.buffer().toString())
  }

  /** That it is there already is as wished. Anybody may read and write it, as ever. */
  async create(path: string, value: string): Answer<null> {
    const answer = await this.#request(operation.create, writer => writer.text(path).buffer(Buffer.from(value)).int(1).int(allRights).text('world').text('anyone').int(0))
    return answer.ok || answer.failure.code === errorCode.nodeExists ? ok(null) : answer
  }

  /** All of them, or none. */
  async setAll(nodes: readonly { readonly path: string; readonly value: string }[]): Answer<null> {
    const answer = await this.#request(operation.multi, writer => {
      for (const { path, value } of nodes) writer.int(operation.setData).bool(false).int(anyVersion).text(path).buffer(Buffer.from(value)).int(anyVersion)
      return writer.int(-1).bool(true).int(-1)
    })
    if (!answer.ok) return answer
    // Each result has a head: its kind, whether it is the last, and its error. A refused transaction has results of kind -1 alone.
    const kind = answer.value.int()
    return kind === -1 ? fail({ code: errorCode.noNode, text: 'the transaction was refused' }) : ok(null)
  }

  close(): void {
    if (this.#broken === null) this.#socket.write(new Writer().int(++this.#xid).int(operation.close).packet())
    this.#socket.end()
    this.#broken ??= { code: null, text: 'the session is closed' }
    this.#socket.unref()
    setTimeout(() => this.#socket.destroy(), 100).unref()
  }

  async #request(kind: number, write: (writer: Writer) => Writer): Answer<Reader> {
    const xid = ++this.#xid
    const answer = await this.#exchange(write(new Writer().int(xid).int(kind)).packet())
    if (!answer.ok) return answer
    try {
      const reader = new Reader(answer.value)
      const [heard, , code] = [reader.int(), reader.long(), reader.int()]
      if (heard !== xid) return fail({ code: null, text: 'an answer came to another request' })
      return code === errorCode.ok ? ok(reader) : fail({ code, text: errorText(code) })
    } catch (error) {
      return fail({ code: null, text: error instanceof Error ? error.message : String(error) })
    }
  }

  #exchange(packet: Buffer): Answer<Buffer> {
    if (this.#broken !== null) return Promise.resolve(fail(this.#broken))
    return new Promise(resolve => {
      this.#waiting = resolve
      this.#socket.write(packet)
    })
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    if (this.#rest.length < 4) return
    const length = this.#rest.readInt32BE(0)
    if (length < 0 || length > bytesMax) return this.#break('what answers is no ZooKeeper')
    if (this.#rest.length < 4 + length) return
    const packet = this.#rest.subarray(4, 4 + length)
    this.#rest = this.#rest.subarray(4 + length)
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.(ok(packet))
  }

  #break(text: string): void {
    this.#broken ??= { code: null, text }
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.(fail(this.#broken))
    this.#socket.destroy()
  }
}
