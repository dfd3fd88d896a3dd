import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { typedNames } from '../../contract/all.ts'
import type { FormerParts } from '../former/routes.ts'
import { formerRoutes } from '../former/routes.ts'
import { headersRoute } from '../headers-route.ts'
import { type MonitoringParts, monitoringRoutes } from '../monitoring-routes.ts'
import { tokenRoutes } from '../authentication/token-page.ts'
import { SignIn, type SignInParts } from '../authentication/sign-in.ts'
import type { Route } from '../router.ts'
import type { ApiParts } from '../v2/context.ts'
import { operationRoutes } from '../v2/operation-routes.ts'
import { readingRoutes } from '../v2/reading-routes.ts'
import { apiDocument } from './api-document.ts'

type Paths = Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly { readonly name: string; readonly in: string }[] }>>>>

// The document has this shape.
const pathsOf = (statusEndpoint: string): Paths => apiDocument('1', '', statusEndpoint)['paths'] as Paths

/** Nothing is asked of them: where each lies is all that is looked at. */
const routesWith = (statusEndpoint: string): readonly Pick<Route, 'method' | 'pattern'>[] => {
  const api = {} as ApiParts
  return [
    ...readingRoutes(api), ...operationRoutes(api), ...formerRoutes({ statusEndpoint } as FormerParts), headersRoute(() => []), ...monitoringRoutes({} as MonitoringParts),
    ...tokenRoutes({ tokens: { take: () => Promise.resolve(null) }, prefix: '', messagePrefix: () => '' }), ...new SignIn({} as SignInParts).routes(),
  ]
}

/** Those that are written where the service is put together. */
const putInByHand = [...readFileSync(join(import.meta.dirname, '..', '..', 'app', 'listen.ts'), 'utf8').matchAll(/method: '(GET|POST)', pattern: '([^']+)'/g)]
  .map(([, method, pattern]): Pick<Route, 'method' | 'pattern'> => ({ method: method === 'POST' ? 'POST' : 'GET', pattern: pattern ?? '' }))

test('the document names every address that is answered, with its method and the parameters in its path', () => {
  assert.ok(putInByHand.length >= 2)
  for (const statusEndpoint of ['/api/status', '/healthz']) {
    const paths = pathsOf(statusEndpoint)
    const missing = [...routesWith(statusEndpoint), ...putInByHand].flatMap(({ method, pattern }) => {
      // Each operation stands under its own name.
      if (pattern === '/api/v2/operations/:name') return typedNames().filter(name => paths[`/api/v2/operations/${name}`]?.['post'] === undefined)
      const entry = paths[pattern.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      const inPath = entry?.parameters?.filter(each => each.in === 'path').map(({ name }) => name) ?? []
      return inPath.join() === [...pattern.matchAll(/:(\w+)/g)].map(([, name]) => name).join() && entry !== undefined ? [] : [`${method} ${pattern}`]
    })
    assert.deepEqual(missing, [])
  }
})

test('it names nothing that is not answered, and no two paths that mean the same', () => {
  const answered = new Set([...routesWith('/api/status'), ...putInByHand].map(({ method, pattern }) => `${method.toLowerCase()} ${pattern.replaceAll(/:(\w+)/g, '{$1}')}`))
  const paths = pathsOf('/api/status')
  const surplus = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method} ${path}`)).filter(each => !answered.has(each) && !each.startsWith('post /api/v2/operations/'))
  assert.deepEqual(surplus, [])
  // OpenAPI 3.1: templated paths with the same hierarchy but different templated names must not exist.
  const hierarchies = Object.keys(paths).map(path => path.replaceAll(/\{\w+\}/g, '{}'))
  assert.deepEqual(hierarchies.filter((path, index) => hierarchies.indexOf(path) !== index), [])
})

test('what may be asked in the query is told under the name that it has there', () => {
  const names = (path: string, method = 'get'): readonly string[] => pathsOf('/api/status')[path]?.[method]?.parameters?.map(({ name }) => name) ?? []
  assert.deepEqual(names('/api/relocate-replicas/{host}/{port}/{belowHost}/{belowPort}', 'post'), ['host', 'port', 'belowHost', 'belowPort', 'pattern', 'dryRun'])
  assert.ok(names('/api/ack-all-recoveries').includes('comment'))
  assert.ok(names('/api/search').includes('s'))
  assert.deepEqual(names('/api/clusters'), [])
})
