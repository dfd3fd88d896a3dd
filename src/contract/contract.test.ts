import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contract, operationNamed, typedNames } from './all.ts'
import { parameter } from './former-parameters.ts'
import type { AnyOperation } from './operation.ts'

// The file has this shape: every route of the original.
const originals = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'former-routes.json'), 'utf8')) as Readonly<
  Record<string, { readonly writeAuthorization: boolean; readonly response: 'envelope' | 'raw'; readonly raft: 'local' | 'proxied-to-leader' }>
>

const all: readonly AnyOperation[] = typedNames().map(name => contract[name])

test('an operation stands under its own name', () => {
  for (const name of typedNames()) assert.equal(contract[name].name, name)
})

test('every former route is one of the original, asks for the same authority and answers in the same form', () => {
  const wrong: string[] = []
  for (const declared of all) {
    for (const route of declared.former.routes) {
      const original = originals[`/api/${route}`]
      if (original === undefined) wrong.push(`${route} is no route of the original`)
      else {
        if (original.writeAuthorization !== (declared.access === 'write' && declared.former.wasOpen !== true)) wrong.push(`${route}: access is ${declared.access}`)
        if ((original.response === 'raw') !== (declared.former.answers === 'bare')) wrong.push(`${route}: answers ${declared.former.answers}`)
      }
    }
  }
  assert.deepEqual(wrong, [])
})

test('every route of the original is there, and is answered where the original answers it: by whoever was asked, or by the leader', () => {
  const ours = new Map<string, AnyOperation>(all.flatMap(declared => declared.former.routes.map(route => [`/api/${route}`, declared] as const)))
  const wrong = Object.entries(originals).flatMap(([route, { raft }]) => {
    const declared = ours.get(route)
    if (declared === undefined) return [route]
    return (declared.runs !== undefined) === (raft === 'local') ? [] : [`${route}: ${raft} in the original`]
  })
  // The headers are told beside the contract (src/http/headers-route.ts): they are of the request, and no operation.
  assert.deepEqual(wrong, ['/api/headers'])
})

test('every parameter of a route and every name in a query is an input', () => {
  for (const declared of all) {
    for (const route of declared.former.routes) for (const segment of route.split('/')) if (segment.startsWith(':')) assert.ok(parameter(declared, segment.slice(1)))
    for (const input of Object.values(declared.former.query ?? {})) assert.ok(declared.input[input], `${declared.name}: ${input}`)
  }
})

test('no route and no command belongs to two operations', () => {
  const routes = all.flatMap(declared => declared.former.routes)
  const commands = all.flatMap(declared => declared.former.commands)
  assert.equal(new Set(routes).size, routes.length)
  assert.equal(new Set(commands).size, commands.length)
})

test('an operation is found by its name and by its former commands', () => {
  assert.equal(operationNamed('relocate'), 'relocate')
  assert.equal(operationNamed('graceful-master-takeover-auto'), 'graceful-takeover-auto')
  assert.equal(operationNamed('nosuch'), undefined)
})
