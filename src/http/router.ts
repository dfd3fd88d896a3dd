import type { Answer, Request } from './exchange.ts'

export type Parameters = Readonly<Record<string, string>>

export interface Route {
  readonly method: 'GET' | 'POST'
  /** `/api/instance/:host/:port` */
  readonly pattern: string
  readonly answer: (request: Request, parameters: Parameters) => Promise<Answer> | Answer
  /** Answered by the manager that was asked, even when another one leads. Without it: by the one that leads. */
  readonly isHere?: (parameters: Parameters) => boolean
  /** Asking twice is as good as asking once. Left out: so it is for each GET of our own API; of the original's many change something. */
  readonly changesNothing?: boolean
}

export const changesNothing = ({ method, pattern, changesNothing: says }: Route): boolean => says ?? (method === 'GET' && pattern.startsWith('/api/v2/'))

export const here = (): boolean => true

interface Compiled {
  readonly route: Route
  readonly segments: readonly string[]
}

/**
 * Finds the route of a path by the original's rules: the path is decoded first and split then, so that an encoded slash splits a segment;
 * a parameter is one non-empty segment without `?` and `#`; one trailing slash is optional; the first route that fits is taken.
 */
export class Router {
  readonly #byLength = new Map<string, Compiled[]>()

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.pattern.slice(1).split('/')
      const key = `${route.method} ${segments.length}`
      const list = this.#byLength.get(key)
      if (list === undefined) this.#byLength.set(key, [{ route, segments }])
      else list.push({ route, segments })
    }
  }

  find(method: string, path: string): { readonly route: Route; readonly parameters: Parameters } | null {
    const segments = (path.length > 1 && path.endsWith('/') ? path.slice(1, -1) : path.slice(1)).split('/')
    const asked = method === 'HEAD' ? 'GET' : method
    for (const { route, segments: wanted } of this.#byLength.get(`${asked} ${segments.length}`) ?? []) {
      const parameters = match(wanted, segments)
      if (parameters !== null) return { route, parameters }
    }
    return null
  }
}

function match(wanted: readonly string[], segments: readonly string[]): Parameters | null {
  const parameters: Record<string, string> = {}
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index] ?? ''
    if (!want.startsWith(':')) {
      if (want !== segment) return null
    } else if (segment === '' || /[?#]/.test(segment)) return null
    else parameters[want.slice(1)] = segment
  }
  return parameters
}
