/**
 * Clients of a cluster, in a process of their own so that it can run on its own host: `writer-process.ts PAUSE HOST:PORT…`
 * with the milliseconds between two rows.
 * Each of the four inserts one row after the other wherever writes are taken, and tells every acknowledged one on standard output as a line `id sent-at at host:port`.
 * Ends with its standard input.
 */
import { type Connection, createConnection } from 'mysql2/promise'
import { setTimeout as sleep } from 'node:timers/promises'
import { writerAccount, writersCount, writtenTable } from './written-table.ts'

const [, , pause = '', ...servers] = process.argv
const statementMillisMax = 3000
const betweenRowsMillis = Number(pause)

async function open(server: string): Promise<Connection> {
  const [host = '', port = ''] = server.split(':')
  const connection = await createConnection({ host, port: Number(port), ...writerAccount, connectTimeout: 1500 })
  connection.on('error', () => {}) // also told by the failing statement; without a listener it would end the process
  return connection
}

/** Asks all at once who takes writes; the first that says so is taken. */
async function findWritable(): Promise<{ readonly server: string; readonly connection: Connection } | null> {
  const asked = servers.map(async server => {
    const connection = await open(server)
    const [rows] = await connection.query<import('mysql2').RowDataPacket[]>({ sql: 'SELECT @@global.read_only AS locked', timeout: 1500 })
    if (Number(rows[0]?.['locked']) !== 0) {
      connection.destroy()
      throw new Error('read only')
    }
    return { server, connection }
  })
  const found = await Promise.any(asked).catch(() => null)
  void Promise.allSettled(asked).then(all => all.forEach(one => one.status === 'fulfilled' && one.value !== found && one.value.connection.destroy()))
  return found
}

async function write(writer: number): Promise<never> {
  let number = 0
  for (;;) {
    const found = await findWritable()
    if (found === null) {
      await sleep(5)
      continue
    }
    try {
      for (;;) {
        number += 1
        const id = writer * 1_000_000_000 + number
        const sentAt = performance.timeOrigin + performance.now()
        await found.connection.query({ sql: `INSERT INTO ${writtenTable} VALUES (${id})`, timeout: statementMillisMax })
        process.stdout.write(`${id} ${sentAt} ${performance.timeOrigin + performance.now()} ${found.server}\n`)
        await sleep(betweenRowsMillis)
      }
    } catch {
      // Refused, late or gone: the row was not acknowledged and gets no second try under this number.
      found.connection.destroy()
    }
  }
}

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
for (let writer = 1; writer <= writersCount; writer += 1) void write(writer)
