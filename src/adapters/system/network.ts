import { connect } from 'node:net'
import type { Network } from '../../ports/network.ts'

const kinds: Readonly<Record<string, 'refused' | 'name-unknown' | 'timeout'>> = { ECONNREFUSED: 'refused', ENOTFOUND: 'name-unknown', EAI_AGAIN: 'name-unknown', ETIMEDOUT: 'timeout' }

const textOf = (error: unknown, name: string): string => {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
  return typeof value === 'string' ? value : ''
}

export const systemNetwork: Network = {
  tryConnect: (host, port, deadlineMilliseconds) =>
    new Promise(resolve => {
      const socket = connect({ host, port, timeout: deadlineMilliseconds })
      socket.once('connect', () => {
        socket.destroy()
        resolve(null)
      })
      socket.once('timeout', () => {
        socket.destroy()
        resolve({ kind: 'timeout', text: `no answer within ${deadlineMilliseconds} ms`, address: host })
      })
      socket.once('error', error => {
        socket.destroy()
        // A name with several addresses fails with a list; the last one tried speaks.
        const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error
        resolve({ kind: kinds[textOf(last, 'code')] ?? 'unreachable', text: textOf(last, 'message'), address: textOf(last, 'address') || host })
      })
    }),
}
