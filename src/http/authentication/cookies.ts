/** Cookies of a request by name, the first of each; what is no pair is left out. Whatever was sent, this does not fail. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const mark = pair.indexOf('=')
    if (mark < 1) continue
    const name = pair.slice(0, mark).trim()
    if (name !== '' && !found.has(name)) found.set(name, pair.slice(mark + 1).trim().replace(/^"(.*)"$/, '$1'))
  }
  return found
}

export interface CookieWish {
  readonly isSecure: boolean
  /** Null: until the browser is closed; 0: at once. */
  readonly seconds: number | null
}

/** No script may read it, and a page of another site does not send it with anything but a link. Source: RFC 6265bis. */
export function cookieText(name: string, value: string, { isSecure, seconds }: CookieWish): string {
  return `${name}=${value}; Path=/${seconds === null ? '' : `; Max-Age=${seconds}`}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
}
