import { connect, type Socket } from 'node:net'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import { hostOf, type InstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Deadline } from './deadline.ts'
import { failureOf, timedOut } from './failures.ts'

/** Idle time after which the kernel asks whether the other side is still there. */
const keepAliveMilliseconds = 5_000

/**
 * Connects and waits for the first bytes, which in this protocol are the server's: so "nothing listens", "accepts and never answers" and
 * "something else answers" are told apart before the driver sees the socket. The bytes are put back for it to read.
 */
export function openSocket(key: InstanceKey, deadline: Deadline, clock: Pick<Clock, 'after'>): Promise<Result<Socket, ServerFailure>> {
  return new Promise(resolve => {
    const socket = connect({ host: hostOf(key), port: portOf(key), noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMilliseconds })
    let isConnected = false
    const settle = (answer: Result<Socket, ServerFailure>): void => {
      cancelTimer()
      socket.removeListener('error', onError).removeListener('readable', onReadable).removeListener('end', onEnd)
      if (!answer.ok) {
        socket.on('error', () => {}) // what it says while it is thrown away is of no interest
        socket.destroy()
      }
      resolve(answer)
    }
    const onError = (error: Error): void => settle(fail(failureOf(error)))
    const onEnd = (): void => settle(fail({ kind: 'connection-lost', number: null, text: `${key} closed the connection before it said anything` }))
    const onReadable = (): void => {
      const first: unknown = socket.read()
      if (!Buffer.isBuffer(first)) return // the end of the stream; 'end' follows
      if (!isGreeting(first)) return settle(fail({ kind: 'not-mysql', number: null, text: `${key} answers, but not as a MySQL server` }))
      socket.unshift(first)
      settle(ok(socket))
    }
    const cancelTimer = clock.after(deadline.left, () =>
      settle(fail(timedOut(isConnected ? `${key} accepted the connection and did not answer in time` : `${key} could not be connected to in time`))))
    socket.once('connect', () => { isConnected = true }).once('error', onError).once('end', onEnd).on('readable', onReadable)
  })
}

/**
 * The head of the first packet: 3 bytes of length, sequence number 0, then protocol version 10 or an error packet.
 * Source: MySQL client/server protocol, "Protocol::HandshakeV10", "ERR_Packet".
 */
export function isGreeting(first: Buffer): boolean {
  if (first.length < 5) return false
  const length = first.readUIntLE(0, 3)
  return length > 4 && length < 1024 && first[3] === 0 && (first[4] === 10 || first[4] === 255)
}
