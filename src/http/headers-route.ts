import type { IncomingHttpHeaders } from 'node:http'
import { json } from './exchange.ts'
import { here, type Route } from './router.ts'

/** What lets somebody in is not told, also not to whoever sent it: pages and logs in between would have it. */
const secret: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie'])
export const hiddenHeader = '********'

/** `/api/headers`: the headers of the request as they came, by their usual spelling; for finding out what a proxy makes of them. */
export const headersRoute = (alsoSecret: () => readonly string[]): Route => ({
  method: 'GET', pattern: '/api/headers', isHere: here,
  answer: ({ headers }) => json(shownHeaders(headers, alsoSecret())),
})

export function shownHeaders(headers: IncomingHttpHeaders, alsoSecret: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const hidden = new Set([...secret, ...alsoSecret.map(name => name.toLowerCase())])
  return Object.fromEntries(Object.entries(headers).map(([name, value = '']) => {
    const values = typeof value === 'string' ? [value] : value
    return [usual(name), hidden.has(name) ? values.map(() => hiddenHeader) : values]
  }))
}

/** `x-forwarded-user` → `X-Forwarded-User` */
const usual = (name: string): string => name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`)
