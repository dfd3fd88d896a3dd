import type { IncomingHttpHeaders } from 'node:http'

/**
 * True for a request that a page of another site made a browser send. Such a request must not change anything: every former route is a GET,
 * so that an image tag anywhere could run a failover with the browser's own credentials. Scripts send none of these headers.
 * `Sec-Fetch-Site` is set by browsers and cannot be forged by a page (Fetch Metadata Request Headers, W3C); `none` is an address typed by a person.
 * It is only sent over TLS and to localhost; elsewhere `Origin` is compared with `Host`.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return true
  if (site === 'same-origin' || site === 'none') return false
  const { origin } = headers
  if (origin === undefined) return false
  return hostOfOrigin(origin) !== (headers.host ?? '').toLowerCase()
}

/** `null` and what is no address have no host, and so are foreign. */
function hostOfOrigin(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : null
}
