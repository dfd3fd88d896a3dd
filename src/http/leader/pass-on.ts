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
  /** A former leader that gives no sign of life in this time is waited for no longer. */
  lifeMilliseconds: 1000,
  /** What was not asked yet, or changes nothing, waits so long for another leader, from when the one there was first failed: an election takes less. */
  otherLeaderMilliseconds: 2000,
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
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'rejectUnauthorized'>
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
  /** It may be asked of another leader: it has not been sent, or changes nothing and has no answer yet. */
  mayGoElsewhere: boolean
}

export interface PassOnWish {
  /** Asking twice is as good as asking once. */
  readonly changesNothing: boolean
  /** The answer is final, whoever leads by then. */
  readonly isLast: boolean
}

/** Passes requests on to the manager that leads, and its answers back as they come. */
export class PassOn {
  readonly #parts: PassOnParts
  readonly #limits: Readonly<Record<keyof typeof passOnLimits, number>>
  readonly #underWay = new Map<ClientRequest, UnderWay>()
  readonly #waiting = new Set<() => void>()
  /** As last told. Undefined: nothing was told yet. */
  #leader: string | null | undefined = undefined
  /** The leader that could not be asked, since when. */
  #failing: { readonly leader: string; readonly since: number } | null = null

  constructor(parts: PassOnParts) {
    this.#parts = parts
    this.#limits = { ...passOnLimits, ...parts.limits }
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** Requests that wait for another leader. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves when the answer begins; to null when nothing came of it and another one may lead by now. `gone` is called back when whoever asked has gone. */
  ask(leader: string, incoming: IncomingMessage, body: string, gone: (act: () => void) => void, { changesNothing, isLast }: PassOnWish = { changesNothing: false, isLast: true }): Promise<Answer | null> {
    const path = incoming.url ?? '/'
    const limits = this.#limits
    if (this.#underWay.size >= limits.atOnce) return Promise.resolve(failure(path, passOnReason('leader-busy', { leader }), 503))
    return new Promise(resolve => {
      let isSent = false
      const outgoing = this.#begin(leader, incoming, body)
      const underWay: UnderWay = { leader, end: null, isStream: false, mayGoElsewhere: !isLast }
      this.#underWay.set(outgoing, underWay)
      const connecting = setTimeout(() => outgoing.destroy(new Error(`no connection within ${limits.connectMilliseconds / 1000} s`)), limits.connectMilliseconds)
      const connected = (): void => {
        clearTimeout(connecting)
        isSent = true
        underWay.mayGoElsewhere &&= changesNothing
        outgoing.end(body)
      }
      outgoing.on('socket', socket => socket.once(leader.startsWith('https:') ? 'secureConnect' : 'connect', connected))
      outgoing.setTimeout(limits.answerMilliseconds, () => outgoing.destroy(new Error(`no answer within ${limits.answerMilliseconds / 1000} s`)))
      outgoing.on('error', ({ message: text }) => {
        this.#parts.log.warning('a request could not be passed on to the leader', { leader, path, text })
        const told = failure(path, passOnReason(isSent ? 'leader-ended' : 'leader-unreachable', { leader, text }), 502)
        if (!underWay.mayGoElsewhere) resolve(told)
        else void this.#mayAnotherLead(leader).then(mayBe => resolve(mayBe ? null : told))
      })
      outgoing.on('close', () => {
        clearTimeout(connecting)
        if (underWay.end !== null) clearTimeout(underWay.end)
        this.#underWay.delete(outgoing)
      })
      outgoing.on('response', answer => {
        underWay.mayGoElsewhere = false
        if (this.#failing?.leader === leader) this.#failing = null
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
    this.#leader = leader
    if (leader !== null) this.#failing = null
    for (const wake of this.#waiting) wake()
    const former = new Map<string, Promise<boolean>>()
    for (const [outgoing, underWay] of this.#underWay) {
      if (underWay.leader === leader || underWay.end !== null) continue
      const end = (): unknown => outgoing.destroy(new Error('it does not lead any more'))
      if (underWay.isStream || underWay.mayGoElsewhere) {
        end()
        continue
      }
      underWay.end = setTimeout(end, this.#limits.formerLeaderMilliseconds)
      const lives = former.get(underWay.leader) ?? this.#lives(underWay.leader)
      former.set(underWay.leader, lives)
      void lives.then(does => { if (!does) end() })
    }
  }

  /** Resolves as soon as somebody else is known to lead; else, after a while, to whether the same one is still taken for the leader (false). */
  #mayAnotherLead(leader: string): Promise<boolean> {
    const now = performance.now()
    if (this.#failing?.leader !== leader) this.#failing = { leader, since: now }
    const wait = this.#failing.since + this.#limits.otherLeaderMilliseconds - now
    const isAnother = (): boolean => this.#leader !== undefined && this.#leader !== leader
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(late)
        this.#waiting.delete(wake)
        resolve(isAnother())
      }
      const wake = (): void => { if (this.#leader !== null && isAnother()) done() }
      const late = setTimeout(done, Math.max(0, wait))
      this.#waiting.add(wake)
      wake()
    })
  }

  /** Any answer at all is one. */
  #lives(leader: string): Promise<boolean> {
    return new Promise(resolve => {
      const asked = this.#request(leader, { method: 'GET', path: '/api/lb-check', headers: { [passedOnHeader]: this.#parts.self } })
      const late = setTimeout(() => asked.destroy(new Error('no sign of life')), this.#limits.lifeMilliseconds)
      asked.on('response', answer => {
        answer.resume()
        resolve(true)
      })
      asked.on('error', () => resolve(false)) // that is the answer
      asked.on('close', () => clearTimeout(late))
      asked.end()
    })
  }

  #begin(leader: string, incoming: IncomingMessage, body: string): ClientRequest {
    return this.#request(leader, {
      method: incoming.method, path: incoming.url,
      // Host stays that of the request, so that the leader can tell a page of another site from one of its own.
      setHost: false, headers: { ...withoutConnection(incoming.headers), 'content-length': String(Buffer.byteLength(body)), [passedOnHeader]: this.#parts.self },
    })
  }

  #request(leader: string, options: RequestOptions): ClientRequest {
    const { protocol, hostname, port } = new URL(leader)
    const isSecure = protocol === 'https:'
    const request = isSecure ? httpsRequest : httpRequest
    return request({
      ...options, hostname: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (isSecure ? 443 : 80) : port,
      // A connection of its own for each: on one that was kept, a change may be lost to a leader that was just closing it, and must not be sent twice.
      agent: false, ...(isSecure ? this.#parts.tls : {}),
    })
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
