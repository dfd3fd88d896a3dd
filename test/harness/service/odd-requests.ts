import { seededRandom } from '../../../src/kit/seeded-random.ts'

/** One request as bytes. `mayEnd`: the server may close the connection over it, so that it has to be the last one there. */
export interface OddRequest {
  readonly bytes: Buffer
  readonly mayEnd: boolean
  readonly method: string
  /** Its beginning, for whoever reads what went wrong. */
  readonly says: string
}

type Below = (below: number) => number

const one = <Item>(items: readonly [Item, ...Item[]], below: Below): Item => items[below(items.length)] ?? items[0]

/** Parts of paths that have been used to get somewhere else, and parts of our own addresses. */
const segments = [
  'api', 'web', 'v2', 'api', 'clusters', 'clusters-info', 'begin-downtime', 'instance', 'tag', 'recover', 'audit', 'status', 'me', 'operations', 'events', 'search', '127.0.0.1', '3306', 'x',
  '..', '.', '%2e%2e', '..%2f..%2fetc%2fpasswd', '%252e%252e', '..\\..', '%00', '%0d%0aX-Evil:1', '%', '%zz', '%c0%af', '%F0%9F%90%AC', '', '//', ';x', '%3Cscript%3E', "'--", '${jndi}', '__proto__', 'constructor',
  'toString', 'index.html', 'assets', '-1', '99999999999999999999', 'NaN', '%5B%5D', 'a'.repeat(300),
] as const
const queries = ['', '', '?', '?x=/api/status', '?dryRun=true', '?dryRun=maybe', '?fingerprint=%00', '?page=-1', '?page=1e9', '?a[]=1&a[]=2', '?__proto__[x]=1', `?q=${'x'.repeat(2000)}`, '?%', '?publicToken=../../x'] as const
const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'] as const
const bodies = [
  '', '{}', '[]', 'null', '"x"', '{', '{"input":', '{"input":{"instance":"127.0.0.1:1"}}', '{"input":{"instance":{}}}', '{"input":[]}', '{"__proto__":{"x":1}}', '{"dryRun":"yes"}', '{"fingerprint":1}',
  '{"servers":[]}', '{"servers":[1,2]}', `{"servers":[${'"x",'.repeat(300)}"x"]}`, '\u0000\u0001\u0002', `{"input":{"owner":"${'x'.repeat(5000)}"}}`, `${'['.repeat(20_000)}`, '{"a":1e999}',
] as const
const headers = [
  '', '', 'Authorization: Basic', 'Authorization: Basic ====', 'Authorization: Basic cmVhZG9ubHk=', 'Authorization: Bearer a:b', 'Authorization: Digest username="x"', 'Cookie: access-token', 'Cookie: access-token=:', 'Cookie: =;;;=',
  'Cookie: orchestrator-session=AAAA', 'X-Forwarded-User: root', 'X-Forwarded-For: 127.0.0.1', 'X-Orchestrator-Passed-On-By: somebody', 'X-HTTP-Method-Override: POST', 'Origin: http://evil.example', 'Origin: null',
  'Sec-Fetch-Site: cross-site', 'Referer: ::::', 'Accept-Encoding: gzip;q=x', 'Accept: é', 'Last-Event-ID: -1', 'Range: bytes=0-', 'If-None-Match: *', 'Content-Type: text/xml', 'Host: evil.example',
  `X-Long: ${'x'.repeat(3000)}`, 'Transfer-Encoding: identity',
] as const

function path(below: Below): string {
  const count = below(7)
  return `/${Array.from({ length: count }, () => one(segments, below)).join('/')}${one(queries, below)}`
}

/** What no HTTP client sends, and what is more than is taken. */
const broken: readonly [(below: Below) => string, ...((below: Below) => string)[]] = [
  () => 'GET\r\n\r\n', () => 'GET / HTTP/9.9\r\n\r\n', () => '\u0016\u0003\u0001\u0002\u0000', () => 'GET / HTTP/1.1\r\n\r\n', () => 'GET /api/clusters HTTP/1.1\r\nHost : x\r\n\r\n',
  () => 'GET /api/clusters HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n', () => 'POST /api/v2/operations/discover HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  () => 'POST /api/v2/operations/discover HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde',
  () => 'POST /api/v2/operations/discover HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/begin-downtime/a/1/o/r HTTP/1.1\r\nHost: x\r\n\r\n',
  () => 'POST /api/v2/operations/discover HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', () => 'POST /api/v2/operations/discover HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n',
  below => `GET /${'a'.repeat(17_000 + below(5000))} HTTP/1.1\r\nHost: x\r\n\r\n`, below => `GET / HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 2100 + below(100) }, (_, at) => `h${at}: x`).join('\r\n')}\r\n\r\n`,
  () => 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', () => 'GET http://evil.example/api/clusters HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', () => 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  () => 'GET /api/clusters HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  below => `${Array.from({ length: 40 + below(100) }, () => String.fromCharCode(below(256))).join('')}\r\n\r\n`,
  () => `POST /api/v2/targets HTTP/1.1\r\nHost: x\r\nContent-Length: ${(1 << 20) + 1}\r\nConnection: close\r\n\r\n${'x'.repeat((1 << 20) + 1)}`,
]

/** The request of this number. `who`: headers of the person in whose name a part of them is sent. */
export function oddRequest(seed: number, who: readonly [string, ...string[]]): OddRequest {
  const random = seededRandom(seed)
  const below: Below = count => Math.floor(random() * count)
  if (below(20) === 0) {
    const text = one(broken, below)(below)
    return { bytes: Buffer.from(text, 'latin1'), mayEnd: true, method: '', says: text.slice(0, 120) }
  }
  const method = one(methods, below)
  const body = method === 'POST' || method === 'PUT' ? one(bodies, below) : ''
  const address = method === 'POST' && below(2) === 0 ? one(['/api/v2/operations/begin-downtime', '/api/v2/operations/discover', '/api/v2/targets', '/api/v2/recovery-dry-run', '/api/v2/operations/__proto__'], below) : path(below)
  const lines = [`${method} ${address} HTTP/1.1`, 'Host: orc', one(who, below), one(headers, below), one(headers, below), ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])]
  const isTwice = lines.filter(line => line.startsWith('Host:')).length > 1
  const text = `${lines.filter(line => line !== '').join('\r\n')}\r\n\r\n${body}`
  return { bytes: Buffer.from(text, 'utf8'), mayEnd: isTwice || /\/events|Transfer-Encoding/.test(text), method, says: text.slice(0, 200) }
}
