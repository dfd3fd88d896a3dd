import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { reasonsOf } from '../../kit/reason-table.ts'
import type { Reason } from '../../kit/reason.ts'
import type { Log } from '../../ports/log.ts'
import { type Answer, json, plainText } from '../exchange.ts'
import { passedOnHeader } from './leader.ts'

export const passOnLimits = {
  connectMilliseconds: 2000,
  /** A takeover may well take minutes. */
  answerMilliseconds: 600_000,
  /** Between two pieces of an answer; a stream of events has a heartbeat each 5 s. */
  silentMilliseconds: 30_000,
  answerBytes: 256 << 20,
  atOnce: 512,
} as const

export const passOnReason = reasonsOf({
  'leader-unreachable': 'The leader {leader} cannot be reached: {text}. Nothing was asked of it',
  'leader-ended': 'The leader {leader} did not answer: {text}. Whether it did what was asked is not known',
  'leader-busy': 'Too many requests are being passed on to the leader {leader}',
} as const)

export interface PassOnParts {
  /** Name of this manager, as the leader is told. */
  readonly self: string
  readonly log: Log
  /** For a leader that is reached through TLS. */
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>
}

/** Headers of one connection, which must not be passed on. Source: RFC 9110, 7.6.1. */
const ofOneConnection = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'])

/** Passes requests on to the manager that leads, and its answers back as they come. */
export class PassOn {
  readonly #parts: PassOnParts
  readonly #underWay = new Map<ClientRequest, string>()

  constructor(parts: PassOnParts) {
    this.#parts = parts
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** Resolves when the answer begins. `gone` is called back when whoever asked has gone. */
  ask(leader: string, incoming: IncomingMessage, body: string, gone: (act: () => void) => void): Promise<Answer> {
    const path = incoming.url ?? '/'
    if (this.#underWay.size >= passOnLimits.atOnce) return Promise.resolve(failure(path, passOnReason('leader-busy', { leader }), 503))
    return new Promise(resolve => {
      let isSent = false
      const outgoing = this.#begin(leader, incoming, body)
      this.#underWay.set(outgoing, leader)
      const connecting = setTimeout(() => outgoing.destroy(new Error(`no connection within ${passOnLimits.connectMilliseconds / 1000} s`)), passOnLimits.connectMilliseconds)
      const connected = (): void => {
        clearTimeout(connecting)
        isSent = true
        outgoing.end(body)
      }
      outgoing.on('socket', socket => socket.once(leader.startsWith('https:') ? 'secureConnect' : 'connect', connected))
      outgoing.setTimeout(passOnLimits.answerMilliseconds, () => outgoing.destroy(new Error(`no answer within ${passOnLimits.answerMilliseconds / 1000} s`)))
      outgoing.on('error', error => {
        this.#parts.log.warning('a request could not be passed on to the leader', { leader, path, text: error.message })
        resolve(failure(path, passOnReason(isSent ? 'leader-ended' : 'leader-unreachable', { leader, text: error.message }), 502))
      })
      outgoing.on('close', () => {
        clearTimeout(connecting)
        this.#underWay.delete(outgoing)
      })
      outgoing.on('response', answer => {
        outgoing.setTimeout(passOnLimits.silentMilliseconds, () => outgoing.destroy(new Error('the answer of the leader stopped')))
        bounded(answer, outgoing)
        resolve({ status: answer.statusCode ?? 502, headers: withoutConnection(answer.headers), stream: answer })
      })
      gone(() => outgoing.destroy())
    })
  }

  /** Somebody else leads, or nobody: what the former leader was asked is not waited for any longer, and its streams end, so that those who read them ask anew. */
  leaderIs(leader: string | null): void {
    for (const [outgoing, asked] of this.#underWay) if (asked !== leader) outgoing.destroy(new Error('it does not lead any more'))
  }

  #begin(leader: string, incoming: IncomingMessage, body: string): ClientRequest {
    const { protocol, hostname, port } = new URL(leader)
    const isSecure = protocol === 'https:'
    const options: RequestOptions = {
      hostname: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (isSecure ? 443 : 80) : port, method: incoming.method, path: incoming.url,
      // A connection of its own for each: on one that was kept, a change may be lost to a leader that was just closing it, and must not be sent twice.
      agent: false,
      // Host stays that of the request, so that the leader can tell a page of another site from one of its own.
      setHost: false, headers: { ...withoutConnection(incoming.headers), 'content-length': String(Buffer.byteLength(body)), [passedOnHeader]: this.#parts.self },
      ...(isSecure ? this.#parts.tls : {}),
    }
    return isSecure ? httpsRequest(options) : httpRequest(options)
  }
}

function withoutConnection(headers: IncomingHttpHeaders): Readonly<Record<string, string | string[]>> {
  const named = new Set(String(headers.connection ?? '').toLowerCase().split(/\s*,\s*/))
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined || ofOneConnection.has(name) || named.has(name) ? [] : [[name, value]])))
}

function bounded(answer: IncomingMessage, outgoing: ClientRequest): void {
  if (String(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) return
  let bytes = 0
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > passOnLimits.answerBytes) outgoing.destroy(new Error(`the answer of the leader is longer than ${passOnLimits.answerBytes} bytes`))
  })
  // Until somebody reads it: a listener for data alone would let it run away.
  answer.pause()
}

/** Scripts of the original ask again when the body is no JSON. */
const failure = (path: string, reason: Reason, status: number): Answer => (path.includes('/api/v2/') ? json(reason, status) : plainText(`${status} ${reason.text}\n`, status))
