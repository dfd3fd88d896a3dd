import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, createConnection, type FieldPacket, type RowDataPacket } from 'mysql2/promise'
import { type InstanceKey, instanceKey } from '../../../src/model/topology/instance-key.ts'
import { PacketReader } from '../fleet/packet-reader.ts'
import { capability, type Greeting, greetingPayload, int2, int4, okPayload, packet, readLogin } from '../fleet/packets.ts'
import { accounts } from '../sandbox/accounts.ts'
import { type Answer, answerBytes, readRegistration, type Registered, registration } from './admin.ts'
import { type LogPlace, StoredLog } from './stored-log.ts'
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

/** Stands in for a MaxScale binlog router: answers its administrative statements, stores the log of its source, and hands it on to real replicas. */
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
  readonly #log = new StoredLog()
  /** What ends the reading of each replica. */
  readonly #dumps = new Map<Socket, () => void>()
  /** What its source answered to the questions of replicas. */
  readonly #answers = new Map<string, Answer>()
  #asked: Connection | null = null
  #reading: Socket | null = null
  readonly #replicas = new Map<Socket, Registered>()
  #source: Place
  #runs = true
  #reaches = false
  #ended = false
  #place: LogPlace = { file: '', position: 0 }
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
    for (let looked = 0; !fake.#reaches; looked++) {
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
      this.#dumps.get(socket)?.()
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
        return this.#handOn(socket, { position: payload.readUInt32LE(1), file: payload.toString('latin1', 11) })
      case command.query: {
        const text = payload.toString('utf8', 1)
        const answer = this.#answer(text)
        if (answer !== null) {
          this.heard.push(text)
          return this.#say(socket, answer)
        }
        if (isAskedByReplicas(text)) return this.#say(socket, await this.#answerOfSource(text))
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

  /** The stored log from a place on, for the length of this connection. */
  #handOn(socket: Socket, from: LogPlace): void {
    let place = 0
    const end = this.#log.read(from, event => void socket.write(packet((place += 1), `\0${event.toString('latin1')}`), 'latin1'))
    if (end === null) return this.#say(socket, { error: 1236, text: `the binlog router has no file ${from.file}` })
    this.#dumps.set(socket, end)
  }

  /** As its source answered when it was asked first: a replica may come while the source is gone. */
  async #answerOfSource(text: string): Promise<Answer> {
    if (/^set /i.test(text)) return { done: true }
    if (/^select @(master|source)_binlog_checksum$/i.test(text)) return { rows: [{ [text.slice(7)]: 'CRC32' }] }
    if (/^select unix_timestamp\(\)$/i.test(text)) return { rows: [{ 'UNIX_TIMESTAMP()': Math.floor(Date.now() / 1000) }] }
    const known = this.#answers.get(text)
    if (known !== undefined) return known
    if (this.#asked === null) return { error: 2013, text: 'the binlog router does not reach its source' }
    const answer = await this.#asked.query<RowDataPacket[]>(text).then(
      ([rows, fields]: [RowDataPacket[], FieldPacket[]]): Answer => ({ rows: rows as Readonly<Record<string, string>>[], columns: fields.map(({ name }) => name) }), // rows of texts and numbers
      (error: Error & { readonly errno?: number }): Answer => ({ error: error.errno ?? 1064, text: error.message }),
    )
    this.#answers.set(text, answer)
    return answer
  }

  #answer(text: string): Answer | null {
    const statement = text.trim().replaceAll(/\s+/g, ' ')
    const is = (pattern: RegExp): boolean => pattern.test(statement)
    if (is(/^show variables like 'maxscale%'$/i)) return { rows: [{ Variable_name: 'MAXSCALE_VERSION', Value: this.#wish.version ?? '2.5.3' }] }
    if (is(/^select @@global\.server_id$/i)) return { rows: [{ '@@global.server_id': this.#wish.serverId }] }
    if (is(/^select @@global\.server_uuid$/i)) return { rows: [{ '@@global.server_uuid': this.#uuid }] }
    if (is(/^show slave status$/i)) return { rows: [this.#status()] }
    if (is(/^show master status$/i)) return { rows: [{ File: this.#place.file, Position: String(this.#place.position), Binlog_Do_DB: '', Binlog_Ignore_DB: '', Execute_Gtid_Set: '' }] }
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
    this.#reaches = false
    this.#reading?.destroy()
    return { done: true }
  }

  #startReplication(): Answer {
    if (this.#runs) return { error: 1254, text: 'Slave is already running' }
    this.#runs = true
    return { done: true }
  }

  #changeSource(statement: string): Answer {
    if (this.#runs) return { error: 1198, text: 'This operation cannot be performed with a running slave; run STOP SLAVE first' }
    const values = new Map([...statement.matchAll(/(MASTER_\w+) ?= ?(?:'([^']*)'|(\d+))/gi)].map(([, name = '', quoted, number]) => [name.toUpperCase(), quoted ?? number ?? '']))
    const unknown = [...values.keys()].find(name => !['MASTER_HOST', 'MASTER_PORT', 'MASTER_LOG_FILE', 'MASTER_LOG_POS', 'MASTER_USER', 'MASTER_PASSWORD'].includes(name))
    if (unknown !== undefined) return { error: 1064, text: `the binlog router does not know ${unknown}` }
    const now = this.#place
    const wanted = { file: values.get('MASTER_LOG_FILE') ?? now.file, position: Number(values.get('MASTER_LOG_POS') ?? now.position) }
    const next = { file: nextFile(now.file), position: 4 }
    const isNext = wanted.file === next.file && wanted.position === next.position
    if (wanted.file !== now.file && !isNext) return { error: 1234, text: `Can not set MASTER_LOG_FILE to ${wanted.file}: Permitted binlog file names are ${now.file} or ${next.file}` }
    if (wanted.position !== now.position && !isNext) return { error: 1234, text: `Can not set MASTER_LOG_POS to ${wanted.position}: Permitted binlog pos is ${now.position}` }
    this.#source = { host: values.get('MASTER_HOST') ?? this.#source.host, port: Number(values.get('MASTER_PORT') ?? this.#source.port) }
    this.#place = wanted
    this.#reaches = false
    return { done: true }
  }

  #status(): Readonly<Record<string, string | number | null>> {
    const { file, position } = this.#place
    const receiver = !this.#runs ? 'No' : this.#reaches ? 'Yes' : 'Connecting'
    return {
      Slave_IO_State: this.#runs ? 'Binlog Dump' : 'Slave stopped', Master_Host: this.#source.host, Master_User: accounts.replication.user, Master_Port: this.#source.port, Connect_Retry: 60,
      Master_Log_File: file, Read_Master_Log_Pos: String(position), Relay_Log_File: file, Relay_Log_Pos: String(position),
      Relay_Master_Log_File: file, Slave_IO_Running: receiver, Slave_SQL_Running: this.#runs ? 'Yes' : 'No', Replicate_Do_DB: '', Replicate_Ignore_DB: '',
      Replicate_Do_Table: '', Replicate_Ignore_Table: '', Replicate_Wild_Do_Table: '', Replicate_Wild_Ignore_Table: '', Last_Errno: 0, Last_Error: '', Skip_Counter: 0,
      Exec_Master_Log_Pos: String(position), Relay_Log_Space: 0, Master_SSL_Allowed: 'No', Seconds_Behind_Master: 0, Last_IO_Errno: 0, Last_IO_Error: '',
      Last_SQL_Errno: 0, Last_SQL_Error: '', Master_Server_Id: 1, Master_UUID: '', Master_Info_File: '/var/lib/maxscale/master.ini',
    }
  }

  /** While it runs: reads the log of its source, among whose replicas it is listed. */
  async #watch(): Promise<void> {
    while (!this.#ended) {
      if (!this.#runs) {
        await sleep(lookMilliseconds)
        continue
      }
      try {
        await this.#readOn(this.#source)
      } catch {
        // It tries again.
      }
      this.#reaches = false
      this.#log.dropBroken()
      await sleep(lookMilliseconds)
    }
  }

  async #readOn(from: Place): Promise<void> {
    const asked = await createConnection({ ...from, ...accounts.orchestrator, connectTimeout: 2000 })
    asked.on('error', () => {})
    let reading: Socket | null = null
    try {
      if (this.#place.file === '') {
        const [[row]] = await asked.query<RowDataPacket[]>('SHOW MASTER STATUS').catch(() => asked.query<RowDataPacket[]>('SHOW BINARY LOG STATUS'))
        this.#place = { file: String(row?.['File']), position: 4 }
      }
      reading = await openUpstream(from)
      if (!this.#runs || this.#ended) return
      this.#asked = asked
      this.#reading = reading
      await this.#store(reading)
    } finally {
      this.#asked = null
      this.#reading = null
      reading?.destroy()
      asked.destroy()
    }
  }

  /** Until the connection ends: every event that its source sends is kept. */
  #store(reading: Socket): Promise<void> {
    const { file, position } = this.#place
    const asks = ["\x03SET @master_binlog_checksum = 'CRC32', @source_binlog_checksum = 'CRC32'", `\x03SET @slave_uuid = '${this.#uuid}', @replica_uuid = '${this.#uuid}'`]
    let answered = 0
    return new Promise((resolve, reject) => {
      const reader = new PacketReader(1 << 24)
      reading.once('close', () => resolve())
      reading.on('data', chunk => {
        for (const { payload } of reader.read(chunk) ?? []) {
          if (payload[0] === 0xff) return void reject(new Error(payload.toString('utf8', 9)))
          answered += 1
          const ask = asks[answered - 1]
          if (ask !== undefined) reading.write(packet(0, ask), 'latin1')
          else if (answered === asks.length + 1) reading.write(packet(0, `\x12${int4(position)}${int2(0)}${int4(this.#wish.serverId)}${file}`), 'latin1')
          else this.#take(payload.subarray(1))
        }
      })
      reading.write(registration({ serverId: this.#wish.serverId, host: this.#wish.host, port: this.#wish.port }))
    })
  }

  #take(event: Buffer): void {
    if (!this.#runs) return
    this.#log.take(event)
    const { end } = this.#log
    if (end === null) return
    this.#place = end.file === this.#place.file && end.position < this.#place.position ? this.#place : end
    this.#reaches = true
  }

  async stop(): Promise<void> {
    this.#ended = true
    for (const socket of this.#sockets) socket.destroy()
    this.#reading?.destroy()
    await new Promise(resolve => this.#server.close(resolve))
    await this.#watching
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** What a replica asks of its source before it reads the log; a binlog router has kept the answers of its own source. */
const isAskedByReplicas = (text: string): boolean => !text.includes(';') && /^(SET |SELECT @|SELECT UNIX_TIMESTAMP|SHOW (GLOBAL )?VARIABLES|SELECT VERSION)/i.test(text)

/** The file after this one: `binlog.000012` → `binlog.000013`. */
const nextFile = (file: string): string => file.replace(/\d+$/, number => String(Number(number) + 1).padStart(number.length, '0'))
