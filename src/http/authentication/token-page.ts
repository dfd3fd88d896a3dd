import { type Answer, json, type Request } from '../exchange.ts'
import type { Route } from '../router.ts'
import { cookieText } from './cookies.ts'
import { type Tokens, tokenCookie } from './tokens.ts'

/** `/web/access-token?publicToken=…`: takes the token, and gives it to the browser as a cookie. The leader answers it. */
export function tokenRoutes({ tokens, prefix, messagePrefix }: { readonly tokens: Pick<Tokens, 'take'>; readonly prefix: string; messagePrefix(): string }): readonly Route[] {
  const answer = async (request: Request): Promise<Answer> => {
    const value = await tokens.take(request.query.get('publicToken') ?? '')
    if (value === null) return json({ Code: 'ERROR', Message: `${messagePrefix()}Cannot acquire token: it is unknown, was used before, or is too old`, Details: null })
    return { status: 302, headers: { 'Location': `${prefix}/`, 'Set-Cookie': cookieText(tokenCookie, value, { isSecure: request.isSecure, seconds: null }), 'Cache-Control': 'no-store' }, body: '' }
  }
  return [{ method: 'GET', pattern: '/web/access-token', answer }]
}
