import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { type TlsOptions, TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import type { Log } from '../ports/log.ts'
import type { Authentication } from './authentication/authentication.ts'
import { type Answer, BodyTooLarge, json, notFound, plainText, type Request } from './exchange.ts'
import { leaderFor, mayChange, passedOnBy } from './leader/leader.ts'
import type { PassOn } from './leader/pass-on.ts'
import type { PageFiles } from './page-files.ts'
import type { RateLimit } from './rate-limit.ts'
import { fromOf, givenId, type RequestObserver, shownPath } from './requested.ts'
import { changesNothing, type Router } from './router.ts'
import { securityHeaders } from './security-headers.ts'
import { certificateRefusal, type CertificateRule, showsUnverified } from './tls/client-certificate.ts'

/** Bounds of one request and of all together. */
export const httpLimits = {
  bodyBytes: 1 << 20,
  headerBytes: 16 << 10,
  headersMilliseconds: 10_000,
  requestMilliseconds: 30_000,
  /** How often the two above are looked at. */
  checkMilliseconds: 2_000,
  connections: 4096,
  /** Smaller bodies are not worth compressing. */
  gzipFromBytes: 1400,
  /** Larger bodies are compressed on another thread: it takes longer than a poll may wait. */
  gzipAsideFromBytes: 100_000,
  /** How long requests under way may take when the service stops. */
  stopMilliseconds: 2_000,
} as const

export interface HttpParts {
  readonly router: Router
  readonly authentication: Authentication
  /** Null: no client certificate is asked for. */
  readonly certificates: (() => CertificateRule) | null
  /** How many requests an address may make; null: as many as it likes. */
  readonly rate: { readonly limit: RateLimit; perSecond(): number } | null
  readonly pageFiles: Pick<PageFiles, 'answer'>
  /** '' or `/orc`. */
  readonly prefix: string
  /** Paths that are served without the prefix (a StatusEndpoint of its own). */
  readonly outsidePrefix: ReadonlySet<string>
  readonly log: Log
  readonly group: Pick<GroupParts, 'standing'>
  readonly passOn: PassOn
  /** A short text that is different for each request, for finding it in the log. */
  requestId(): string
  readonly observer?: RequestObserver
}

export interface Listening {
  readonly port: number
  readonly host: string
  /** Another key and certificate from now on; connections that are open keep theirs. */
  renewTls(options: TlsOptions): void
  close(): Promise<void>
}

/** Serves until closed; without `tls` in plain HTTP. Rejects when the address cannot be listened on. */
export async function serve(
  parts: HttpParts, address: { readonly host: string; readonly port: number } | { readonly socket: string }, tls: TlsOptions | null = null,
): Promise<Listening> {
  const limits = {
    maxHeaderSize: httpLimits.headerBytes, headersTimeout: httpLimits.headersMilliseconds, requestTimeout: httpLimits.requestMilliseconds,
    connectionsCheckingInterval: httpLimits.checkMilliseconds,
  }
  const answer = (incoming: IncomingMessage, response: ServerResponse): void => void handle(parts, incoming, response)
  const secure = tls === null ? null : createTlsServer({ ...limits, ...tls, handshakeTimeout: httpLimits.headersMilliseconds }, answer)
  if (tls?.requestCert === true) secure?.on('secureConnection', socket => void (showsUnverified(socket) && socket.destroy()))
  const server = secure ?? createServer(limits, answer)
  server.maxConnections = httpLimits.connections
  if ('socket' in address) await removeLeftBehind(address.socket)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listening = (): void => {
      server.off('error', reject)
      server.on('error', error => parts.log.error('the HTTP server failed', { failure: error.message }))
      const bound = server.address()
      const host = 'host' in address ? address.host : ''
      const closeAll = async (): Promise<void> => {
        await close(server)
        if ('socket' in address) await rm(address.socket, { force: true })
      }
      resolve({ host, renewTls: options => secure?.setSecureContext(options), port: bound !== null && typeof bound === 'object' ? bound.port : 0, close: closeAll })
    }
    if ('socket' in address) server.listen(address.socket, listening)
    else server.listen({ port: address.port, ...(address.host === '' ? {} : { host: address.host }) }, listening)
  })
}

/** A socket on which nobody listens was left behind by a program that was killed. */
async function removeLeftBehind(path: string): Promise<void> {
  const isDead = await new Promise<boolean>(resolve => {
    const probe = connect(path)
    probe.once('error', error => resolve('code' in error && error.code === 'ECONNREFUSED'))
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
  })
  if (isDead) await rm(path)
}

async function close(server: Server | TlsServer): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), httpLimits.stopMilliseconds)
  await closed
  clearTimeout(cut)
}

async function handle(parts: HttpParts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now()
  const path = incoming.url ?? ''
  const id = givenId(incoming) ?? parts.requestId()
  const begun = { id, method: incoming.method ?? '', path: shownPath(path), from: fromOf(incoming) }
  parts.observer?.begun(begun)
  // Once for each, also where whoever asked has gone.
  response.once('close', () => parts.observer?.answered({ ...begun, status: response.headersSent ? response.statusCode : 499, milliseconds: performance.now() - started }))
  response.setHeader('X-Request-Id', id)
  const fault = (what: string, error: unknown): void =>
    parts.log.error(what, { path, request: id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  let answer: Answer
  try {
    answer = await answerTo(parts, incoming, response)
  } catch (error) {
    if (error instanceof BodyTooLarge) answer = plainText('413 Request Entity Too Large\n', 413, { Connection: 'close' })
    else if (incoming.destroyed && !incoming.complete) return // the client went before it had sent everything
    else {
      fault('a request met a fault', error)
      answer = faultAnswer(path, id, error)
    }
  }
  try {
    await send(incoming, response, answer)
  } catch (error) {
    fault('an answer met a fault', error)
    response.destroy()
  }
  parts.log.debug('request', { request: id, method: incoming.method ?? '', path: begun.path, status: 'take' in answer ? 200 : answer.status, milliseconds: Math.round(performance.now() - started) })
}

/** In the form in which whoever asked expects errors; the original passes its store's errors on as well. */
function faultAnswer(path: string, request: string, error: unknown): Answer {
  const text = error instanceof Error ? error.message : String(error)
  if (path.includes('/api/v2/')) return json({ code: 'fault', parameters: { request }, text: `${text} (request ${request})` }, 500)
  if (path.includes('/api/')) return json({ Code: 'ERROR', Message: text, Details: null }, 500)
  return plainText('500 Internal Server Error', 500)
}

async function answerTo(parts: HttpParts, incoming: IncomingMessage, response: ServerResponse): Promise<Answer> {
  const address = incoming.url ?? '/'
  const mark = address.indexOf('?')
  const rawPath = mark < 0 ? address : address.slice(0, mark)
  const remoteAddress = incoming.socket.remoteAddress ?? ''
  const wait = parts.rate === null ? 0 : parts.rate.limit.waitSeconds(remoteAddress, parts.rate.perSecond())
  if (wait > 0) return plainText('429 Too Many Requests\n', 429, { 'Retry-After': String(wait) })
  const whole = decoded(rawPath)
  if (whole === null) return plainText('400 Bad Request', 400)
  const lacks = parts.certificates === null ? null : certificateRefusal(parts.certificates(), incoming.socket, whole)
  if (lacks !== null) return plainText(`${lacks}\n`, 401)
  const path = below(parts, whole)
  const person = await parts.authentication.identify({ method: incoming.method ?? 'GET', path: path ?? whole, headers: incoming.headers, remoteAddress })
  if (!('user' in person)) return person
  if (path === null) return whole === `${parts.prefix}` ? redirectToPrefix(parts.prefix) : notFound()
  const method = incoming.method ?? 'GET'
  const request: Request = {
    method, path, query: new URLSearchParams(mark < 0 ? '' : address.slice(mark + 1)), headers: incoming.headers, person,
    remoteAddress, isSecure: incoming.socket instanceof TLSSocket, mayChange: mayChange(parts.group), askedThrough: passedOnBy(incoming.headers), body: () => readBody(incoming),
  }
  const found = parts.router.find(method, path)
  if (found !== null) {
    const body = once(request.body)
    for (let attempt = 1; ; attempt += 1) { // the last one answers
      const leader = leaderFor(parts.group, found, incoming.headers)
      if (leader === null) return found.route.answer({ ...request, body, mayChange: mayChange(parts.group) }, found.parameters)
      const wish = { changesNothing: changesNothing(found.route), isLast: attempt === leadersAsked }
      const answer = await parts.passOn.ask(leader, incoming, await body(), act => response.once('close', act), wish)
      if (answer !== null) return answer
    }
  }
  if (method !== 'GET' && method !== 'HEAD') return notFound()
  return parts.pageFiles.answer(path, parts.prefix) ?? (path.startsWith('/api/v2/') ? json({ code: 'no-such-address', parameters: { path }, text: `There is nothing at ${path}` }, 404) : notFound())
}

/** Leaders that one request is passed on to, where each is lost before it was asked or could answer. */
const leadersAsked = 3

const once = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
  let value: Promise<Value> | null = null
  return () => (value ??= read())
}

const redirectToPrefix = (prefix: string): Answer => ({ status: 302, headers: { Location: `${prefix}/` }, body: '' })

function below({ prefix, outsidePrefix }: HttpParts, path: string): string | null {
  if (prefix === '' || outsidePrefix.has(path)) return path
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : null
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // The connection is kept, so that who sent too much is told so.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > httpLimits.bodyBytes) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function send(incoming: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  if ('take' in answer) {
    if (incoming.method !== 'HEAD') return answer.take(response)
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' }).end()
    return
  }
  if ('stream' in answer) {
    response.writeHead(answer.status, answer.headers)
    // Either side may end it in the midst: the other is then ended too, and finds half an answer.
    return pipeline(answer.stream, response).catch(() => undefined)
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const contentType = String(answer.headers['Content-Type'] ?? '')
  const compressible = /^(text\/|application\/(json|javascript)|image\/svg)/.test(contentType)
  const zipped = compressible && body.length >= httpLimits.gzipFromBytes && /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''))
  const isJson = contentType.startsWith('application/json')
  const bytes = zipped ? await gzipped(body, isJson ? jsonLevel : fileLevel) : body
  if (response.destroyed) return // the client went while its answer was compressed
  response.writeHead(answer.status, {
    ...answer.headers, ...(compressible ? { Vary: 'Accept-Encoding' } : {}), ...(zipped ? { 'Content-Encoding': 'gzip' } : {}), 'Content-Length': bytes.length,
  })
  response.end(incoming.method === 'HEAD' ? undefined : bytes)
}

/** A file is compressed once for all; an answer while somebody waits: a list of 1,000 servers in a sixth of the time, for half as many bytes again. */
const [fileLevel, jsonLevel] = [5, 2]

/** Bodies that are sent again and again (files, the cached list of all servers) are compressed once. */
const compressedOnce = new WeakMap<Buffer, Buffer | Promise<Buffer>>()

function gzipped(body: Buffer, level: number): Buffer | Promise<Buffer> {
  const known = compressedOnce.get(body)
  if (known !== undefined) return known
  const bytes = body.length < httpLimits.gzipAsideFromBytes ? gzipSync(body, { level }) : gzipAside(body, { level })
  compressedOnce.set(body, bytes)
  return bytes
}

const gzipAside = promisify(gzip)
