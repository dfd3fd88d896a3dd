import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { type InstanceKey, instanceKey } from '../../../src/model/topology/instance-key.ts'
import { PacketReader } from '../fleet/packet-reader.ts'
import { capability, type Greeting, greetingPayload, okPayload, packet, readLogin } from '../fleet/packets.ts'
import { accounts } from '../sandbox/accounts.ts'
import { type Answer, answerBytes, readRegistration, type Registered, registration } from './admin.ts'
import { openUpstream, type Place } from './upstream.ts'

const command = { quit: 1, query: 3, ping: 14, dump: 18, register: 21 } as const
const lookMilliseconds = 50

export interface FakeMaxscaleWish extends Place {
  readonly source: Place
  readonly serverId: number
  /** As `MAXSCALE_VERSION` says it. */
  readonly version?: string
}

const greeting: Greeting = {
  version: '8.4.0-maxscale', charset: 255, status: 2, plugin: 'caching_sha2_password',
  capabilities: 0xf7ff & ~capability.tls | capability.pluginAuth | capability.secureConnection | capability.protocol41,
}

/** Stands in for a MaxScale binlog router: answers its administrative statements, and lets real replicas read the log of its source through it. */
export class FakeMaxscale {
  readonly key: InstanceKey
  /** Statements of administrators, as heard. */
  readonly heard: string[] = []
  /** Statements that no binlog router knows. */
  readonly refused: string[] = []
  readonly #wish: FakeMaxscaleWish
  readonly #uuid: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Connections of replicas that read the log: client → source. */
  readonly #dumps = new Map<Socket, Socket>()
  readonly #replicas = new Map<Socket, Registered>()
  #source: Place
  #runs = true
  #reaches = false
  #ended = false
  #file = ''
  #position = 0n
  #watching: Promise<void> = Promise.resolve()

  private constructor(wish: FakeMaxscaleWish, server: Server) {
    this.#wish = wish
    const { host, port } = wish.source
    this.#source = { host, port }
    this.#server = server
    this.key = instanceKey(wish.host, wish.port)
    this.#uuid = `00000000-0000-0000-0000-${String(wish.port).padStart(12, '0')}`
  }

  /** Started once it knows how far its source is. */
  static async start(wish: FakeMaxscaleWish): Promise<FakeMaxscale> {
    let fake: FakeMaxscale | null = null
    const server = createServer({ noDelay: true }, socket => fake?.serve(socket))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host: wish.host, port: wish.port }, resolve))
    fake = new FakeMaxscale(wish, server)
    fake.#watching = fake.#watch()
    for (let looked = 0; fake.#file === ''; looked++) {
      if (looked > 250) throw new Error(`${fake.key} does not reach its source`)
      await sleep(lookMilliseconds)
    }
    return fake
  }

  get source(): InstanceKey {
    return instanceKey(this.#source.host, this.#source.port)
  }

  get isRunning(): boolean {
    return this.#runs
  }

  serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {}).once('close', () => {
      this.#sockets.delete(socket)
      this.#replicas.delete(socket)
      this.#dumps.get(socket)?.destroy()
      this.#dumps.delete(socket)
    })
    const reader = new PacketReader()
    let isLoggedIn = false
    /** One exchange at a time, in the order in which they came. */
    let turn = Promise.resolve()
    socket.on('data', chunk => {
      for (const { place, payload } of reader.read(chunk) ?? []) {
        if (isLoggedIn) {
          turn = turn.then(() => this.#command(socket, payload)).catch(() => void socket.destroy())
          continue
        }
        if (readLogin(payload) === null) return void socket.destroy()
        isLoggedIn = true // any password will do
        socket.write(packet(place + 1, '\x01\x03') + packet(place + 2, okPayload), 'latin1')
      }
    })
    socket.write(packet(0, greetingPayload(greeting, this.#sockets.size, 'abcdefghijklmnopqrst')), 'latin1')
  }

  async #command(socket: Socket, payload: Buffer): Promise<void> {
    switch (payload[0]) {
      case command.quit:
        return void socket.end()
      case command.ping:
        return this.#say(socket, { done: true })
      case command.register:
        this.#replicas.set(socket, readRegistration(payload))
        return this.#say(socket, { done: true })
      case command.dump:
        return this.#passOn(socket, payload)
      case command.query: {
        const text = payload.toString('utf8', 1)
        const answer = this.#answer(text)
        if (answer !== null) {
          this.heard.push(text)
          return this.#say(socket, answer)
        }
        if (isAskedByReplicas(text)) return this.#passOn(socket, payload)
        this.refused.push(text)
        return this.#say(socket, { error: 1064, text: `You have an error in your SQL syntax; the binlog router does not know: ${text.slice(0, 200)}` })
      }
      default:
        return this.#say(socket, { error: 1047, text: `the binlog router does not know command ${payload[0] ?? 'none'}` })
    }
  }

  #say(socket: Socket, answer: Answer): void {
    socket.write(answerBytes(answer), 'latin1')
  }

  /** The source answers, for the length of this connection. */
  async #passOn(socket: Socket, payload: Buffer): Promise<void> {
    let upstream = this.#dumps.get(socket)
    if (upstream === undefined) {
      upstream = await openUpstream(this.#source)
      upstream.on('data', chunk => socket.write(chunk)).once('close', () => socket.destroy())
      if (!this.#runs) upstream.pause()
      this.#dumps.set(socket, upstream)
    }
    upstream.write(Buffer.from(packet(0, payload.toString('latin1')), 'latin1'))
  }

  #answer(text: string): Answer | null {
    const statement = text.trim().replaceAll(/\s+/g, ' ')
    const is = (pattern: RegExp): boolean => pattern.test(statement)
    if (is(/^show variables like 'maxscale%'$/i)) return { rows: [{ Variable_name: 'MAXSCALE_VERSION', Value: this.#wish.version ?? '2.5.3' }] }
    if (is(/^select @@global\.server_id$/i)) return { rows: [{ '@@global.server_id': this.#wish.serverId }] }
    if (is(/^select @@global\.server_uuid$/i)) return { rows: [{ '@@global.server_uuid': this.#uuid }] }
    if (is(/^show slave status$/i)) return { rows: [this.#status()] }
    if (is(/^show master status$/i)) return { rows: [{ File: this.#file, Position: String(this.#position), Binlog_Do_DB: '', Binlog_Ignore_DB: '', Execute_Gtid_Set: '' }] }
    if (is(/^show slave hosts$/i)) {
      const rows = [...this.#replicas.values()].map(({ serverId, host, port }) => ({ Server_id: serverId, Host: host, Port: port, Master_id: this.#wish.serverId, Slave_UUID: '' }))
      return { rows, columns: ['Server_id', 'Host', 'Port', 'Master_id', 'Slave_UUID'] }
    }
    if (is(/^stop slave$/i)) return this.#stopReplication()
    if (is(/^start slave$/i)) return this.#startReplication()
    return is(/^change master to /i) ? this.#changeSource(statement) : null
  }

  #stopReplication(): Answer {
    if (!this.#runs) return { error: 1199, text: 'This operation requires a running slave; configure slave and do START SLAVE' }
    this.#runs = false
    for (const upstream of this.#dumps.values()) upstream.pause()
    return { done: true }
  }

  #startReplication(): Answer {
    if (this.#runs) return { error: 1254, text: 'Slave is already running' }
    this.#runs = true
    for (const upstream of this.#dumps.values()) upstream.resume()
    return { done: true }
  }

  #changeSource(statement: string): Answer {
    if (this.#runs) return { error: 1198, text: 'This operation cannot be performed with a running slave; run STOP SLAVE first' }
    const values = new Map([...statement.matchAll(/(MASTER_\w+) ?= ?(?:'([^']*)'|(\d+))/gi)].map(([, name = '', quoted, number]) => [name.toUpperCase(), quoted ?? number ?? '']))
    const unknown = [...values.keys()].find(name => !['MASTER_HOST', 'MASTER_PORT', 'MASTER_LOG_FILE', 'MASTER_LOG_POS', 'MASTER_USER', 'MASTER_PASSWORD'].includes(name))
    if (unknown !== undefined) return { error: 1064, text: `the binlog router does not know ${unknown}` }
    const [file, position] = [values.get('MASTER_LOG_FILE') ?? this.#file, BigInt(values.get('MASTER_LOG_POS') ?? this.#position)]
    if (file !== this.#file) return { error: 1234, text: `Can not set MASTER_LOG_FILE to ${file}: Permitted binlog file name is ${this.#file}` }
    if (position !== this.#position) return { error: 1234, text: `Can not set MASTER_LOG_POS to ${position}: Permitted binlog pos is ${this.#position}` }
    this.#source = { host: values.get('MASTER_HOST') ?? this.#source.host, port: Number(values.get('MASTER_PORT') ?? this.#source.port) }
    this.#reaches = false
    for (const socket of this.#dumps.keys()) socket.destroy() // they come again, and read on from the new source
    return { done: true }
  }

  #status(): Readonly<Record<string, string | number | null>> {
    const receiver = !this.#runs ? 'No' : this.#reaches ? 'Yes' : 'Connecting'
    return {
      Slave_IO_State: this.#runs ? 'Binlog Dump' : 'Slave stopped', Master_Host: this.#source.host, Master_User: accounts.replication.user, Master_Port: this.#source.port, Connect_Retry: 60,
      Master_Log_File: this.#file, Read_Master_Log_Pos: String(this.#position), Relay_Log_File: this.#file, Relay_Log_Pos: String(this.#position),
      Relay_Master_Log_File: this.#file, Slave_IO_Running: receiver, Slave_SQL_Running: this.#runs ? 'Yes' : 'No', Replicate_Do_DB: '', Replicate_Ignore_DB: '',
      Replicate_Do_Table: '', Replicate_Ignore_Table: '', Replicate_Wild_Do_Table: '', Replicate_Wild_Ignore_Table: '', Last_Errno: 0, Last_Error: '', Skip_Counter: 0,
      Exec_Master_Log_Pos: String(this.#position), Relay_Log_Space: 0, Master_SSL_Allowed: 'No', Seconds_Behind_Master: 0, Last_IO_Errno: 0, Last_IO_Error: '',
      Last_SQL_Errno: 0, Last_SQL_Error: '', Master_Server_Id: 1, Master_UUID: '', Master_Info_File: '/var/lib/maxscale/master.ini',
    }
  }

  /** While it replicates: how far its source is, and among whose replicas it is listed. */
  async #watch(): Promise<void> {
    while (!this.#ended) {
      const to = this.#source
      let asked: Connection | null = null
      let listed: Socket | null = null
      try {
        asked = await createConnection({ ...to, ...accounts.orchestrator, connectTimeout: 2000 })
        asked.on('error', () => {})
        listed = await openUpstream(to)
        listed.write(registration({ serverId: this.#wish.serverId, host: this.#wish.host, port: this.#wish.port }))
        // Its source is a real server of today, or another one of these, which know the old words alone.
        const statement = await asked.query('SHOW MASTER STATUS').then(() => 'SHOW MASTER STATUS', () => 'SHOW BINARY LOG STATUS')
        while (!this.#ended && this.#source === to) {
          if (this.#runs) await this.#look(asked, statement)
          await sleep(lookMilliseconds)
        }
      } catch {
        this.#reaches = false
        await sleep(lookMilliseconds)
      } finally {
        asked?.destroy()
        listed?.destroy()
      }
    }
  }

  async #look(asked: Connection, statement: string): Promise<void> {
    const [[row]] = await asked.query<RowDataPacket[]>(statement)
    if (row === undefined || !this.#runs) return
    this.#file = String(row['File'])
    this.#position = BigInt(String(row['Position']))
    this.#reaches = true
  }

  async stop(): Promise<void> {
    this.#ended = true
    for (const socket of this.#sockets) socket.destroy()
    for (const upstream of this.#dumps.values()) upstream.destroy()
    await new Promise(resolve => this.#server.close(resolve))
    await this.#watching
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** What a replica asks of its source before it reads the log; a binlog router has kept the answers of its own source. */
const isAskedByReplicas = (text: string): boolean => !text.includes(';') && /^(SET |SELECT @|SELECT UNIX_TIMESTAMP|SHOW (GLOBAL )?VARIABLES|SELECT VERSION)/i.test(text)
