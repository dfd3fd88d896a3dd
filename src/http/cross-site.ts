import type { IncomingHttpHeaders } from 'node:http'

/**
 * True for a request that a page of another site made a browser send. Such a request must not change anything: every former route is a GET,
 * so that an image tag anywhere could run a failover with the browser's own credentials. Scripts send none of these headers.
 * `Sec-Fetch-Site` is set by browsers and cannot be forged by a page (Fetch Metadata Request Headers, W3C); `none` is an address typed by a person.
 * It is only sent over TLS and to localhost; elsewhere `Origin`, and where a browser sends none, `Referer` is compared with `Host`.
 * A page can keep all three from being sent; then what a browser fetches for a page is known by asking for no page.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return true
  if (site === 'same-origin' || site === 'none') return false
  const { origin, referer } = headers
  const from = origin ?? referer
  if (from !== undefined) return hostOfAddress(from) !== (headers.host ?? '').toLowerCase()
  return isBrowser(headers) && !String(headers.accept ?? '').includes('text/html')
}

/** Every browser says in which languages it reads; programs that only call themselves Mozilla do not. */
const isBrowser = (headers: IncomingHttpHeaders): boolean => /\bMozilla\//.test(headers['user-agent'] ?? '') && headers['accept-language'] !== undefined

/** `null` and what is no address have no host, and so are foreign. */
function hostOfAddress(text: string): string | null {
  return URL.canParse(text) ? new URL(text).host.toLowerCase() : null
}
