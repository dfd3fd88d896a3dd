import { connect, type Socket } from 'node:net'
import mysql2 from 'mysql2'
import { accounts } from '../sandbox/accounts.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

/** A plain connection to a server, logged in as a replica does and then left to whoever asked: bytes in, bytes out. */
export function openUpstream({ host, port }: Place): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('error', reject)
    const library = mysql2.createConnection({ stream: socket, ...accounts.replication, connectTimeout: 5000, flags: ['-CLIENT_QUERY_ATTRIBUTES', '-CLIENT_DEPRECATE_EOF'] })
    library.on('error', reject)
    library.once('connect', () => {
      socket.removeAllListeners('data')
      socket.on('error', () => {}) // whoever has it sees it close
      resolve(socket)
    })
  })
}
