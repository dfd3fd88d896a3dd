import { fail, ok, type Result } from '../../../kit/result.ts'
import type { Json } from '../../../ports/group.ts'
import { Connection } from './connection.ts'
import { greet, socketTo } from './greeting.ts'
import { encode } from './handshake.ts'
import type { Lookups } from './lookups.ts'
import { questionBytesMax, type TransportOptions } from './options.ts'

/** What is asked of whoever is at an address, and what is answered there. */
export interface Question {
  readonly from: string
  readonly address: string
  readonly question: Json
  readonly milliseconds: number
}

/** Connects, proves, asks, reads one answer and leaves. Settles at the latest when its time is over. */
export function ask({ from, address, question, milliseconds }: Question, options: Pick<TransportOptions, 'secret' | 'tls'>, lookups: Lookups, open: Set<Connection>): Promise<Result<Json, string>> {
  return new Promise(resolve => {
    const connection = new Connection(socketTo(address, options, lookups))
    open.add(connection)
    const late = setTimeout(() => connection.end(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
    const settle = (answer: Result<Json, string>): void => {
      clearTimeout(late)
      resolve(answer)
      open.delete(connection)
      connection.end(null)
    }
    connection.onEnd = error => settle(fail(`${address}: ${error?.message ?? 'the connection was closed before the answer came'}`))
    greet({
      connection, address, secret: options.secret, says: { asks: true, group: '-', from, to: '-' },
      refused: ({ text }) => settle(fail(text)),
      open: () => {
        connection.allow(questionBytesMax)
        connection.onFrame = ({ kind, payload }) => {
          if (kind !== 'answer') throw new Error(`a ${kind} in place of an answer`)
          settle(ok(readJson(payload)))
        }
        connection.send('question', encode({ question }))
      },
    })
  })
}

/** A question or an answer out of its frame. */
export function readJson(payload: Uint8Array): Json {
  const { question, answer } = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()) as { readonly question?: Json; readonly answer?: Json } // JSON is what it is read as
  return question ?? answer ?? null
}
