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
  /** For what a leader was asked before it gave up its part, itself the reason perhaps: it still answers that, if it lives. */
  formerLeaderMilliseconds: 5000,
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
  readonly limits?: Partial<Record<keyof typeof passOnLimits, number>>
  /** For a leader that is reached through TLS. */
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>
}

/** Headers of one connection, which must not be passed on. Source: RFC 9110, 7.6.1. */
const ofOneConnection = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect',
])

interface UnderWay {
  readonly leader: string
  /** Its end, once somebody else leads. */
  end: NodeJS.Timeout | null
  isStream: boolean
}

/** Passes requests on to the manager that leads, and its answers back as they come. */
export class PassOn {
  readonly #parts: PassOnParts
  readonly #limits: Readonly<Record<keyof typeof passOnLimits, number>>
  readonly #underWay = new Map<ClientRequest, UnderWay>()

  constructor(parts: PassOnParts) {
    this.#parts = parts
    this.#limits = { ...passOnLimits, ...parts.limits }
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** Resolves when the answer begins. `gone` is called back when whoever asked has gone. */
  ask(leader: string, incoming: IncomingMessage, body: string, gone: (act: () => void) => void): Promise<Answer> {
    const path = incoming.url ?? '/'
    const limits = this.#limits
    if (this.#underWay.size >= limits.atOnce) return Promise.resolve(failure(path, passOnReason('leader-busy', { leader }), 503))
    return new Promise(resolve => {
      let isSent = false
      const outgoing = this.#begin(leader, incoming, body)
      const underWay: UnderWay = { leader, end: null, isStream: false }
      this.#underWay.set(outgoing, underWay)
      const connecting = setTimeout(() => outgoing.destroy(new Error(`no connection within ${limits.connectMilliseconds / 1000} s`)), limits.connectMilliseconds)
      const connected = (): void => {
        clearTimeout(connecting)
        isSent = true
        outgoing.end(body)
      }
      outgoing.on('socket', socket => socket.once(leader.startsWith('https:') ? 'secureConnect' : 'connect', connected))
      outgoing.setTimeout(limits.answerMilliseconds, () => outgoing.destroy(new Error(`no answer within ${limits.answerMilliseconds / 1000} s`)))
      outgoing.on('error', error => {
        this.#parts.log.warning('a request could not be passed on to the leader', { leader, path, text: error.message })
        resolve(failure(path, passOnReason(isSent ? 'leader-ended' : 'leader-unreachable', { leader, text: error.message }), 502))
      })
      outgoing.on('close', () => {
        clearTimeout(connecting)
        if (underWay.end !== null) clearTimeout(underWay.end)
        this.#underWay.delete(outgoing)
      })
      outgoing.on('response', answer => {
        outgoing.setTimeout(limits.silentMilliseconds, () => outgoing.destroy(new Error('the answer of the leader stopped')))
        underWay.isStream = String(answer.headers['content-type'] ?? '').startsWith('text/event-stream')
        if (!underWay.isStream) bounded(answer, outgoing, limits.answerBytes)
        resolve({ status: answer.statusCode ?? 502, headers: withoutConnection(answer.headers), stream: answer })
      })
      gone(() => outgoing.destroy())
    })
  }

  /**
   * Somebody else leads, or nobody. Events of the former leader end at once, so that those who read them ask anew; what it was asked it may still answer,
   * and is not waited for much longer.
   */
  leaderIs(leader: string | null): void {
    for (const [outgoing, underWay] of this.#underWay) {
      if (underWay.leader === leader || underWay.end !== null) continue
      const end = (): unknown => outgoing.destroy(new Error('it does not lead any more'))
      if (underWay.isStream) end()
      else underWay.end = setTimeout(end, this.#limits.formerLeaderMilliseconds)
    }
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

function bounded(answer: IncomingMessage, outgoing: ClientRequest, most: number): void {
  let bytes = 0
  answer.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > most) outgoing.destroy(new Error(`the answer of the leader is longer than ${most} bytes`))
  })
  // Until somebody reads it: a listener for data alone would let it run away.
  answer.pause()
}

/** Scripts of the original ask again when the body is no JSON. */
const failure = (path: string, reason: Reason, status: number): Answer =>
  (path.includes('/api/v2/') ? json(reason, status) : plainText(`${status} ${reason.text}\n`, status))
