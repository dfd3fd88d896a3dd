import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contract, typedNames } from '../../../src/contract/all.ts'
import { callOf } from './ask-as-script.ts'
import { scriptCalls } from './script-calls.ts'

// The file has this shape.
const { script } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'former-commands.json'), 'utf8')) as { readonly script: readonly string[] }

/** Commands of the script without a call to a route of the original. */
const withoutCall: Readonly<Record<string, string>> = { 'which-api': 'prints the address that it would ask', 'move-gtid': 'asks for a route that the original does not have' }

test('the calls of every command of the script are known', () => {
  assert.ok(script.length > 85)
  assert.deepEqual(script.filter(command => scriptCalls[command] === undefined && withoutCall[command] === undefined), [])
  assert.deepEqual(Object.keys(scriptCalls).filter(command => !script.includes(command)), [])
})

test('every address that the script asks is one of a route of the contract', () => {
  const routes = typedNames().flatMap(name => [...contract[name].former.routes])
  const isRoute = (path: string): boolean => routes.some(route => new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}/?$`).test(path))
  const given = ['-i', 'db2:3306', '-a', 'shop', '-r', 'why', '-t', 'a', '-l', 'pool', '-H', 'vip', '-S', '5', '-n', 'binlog.1', '-P', 'clusters', '-q', 'x']
  for (const command of Object.keys(scriptCalls)) {
    // Whose new source is the old one's.
    const destination = /(up|repoint)-replicas$/.test(command) ? [] : ['-d', 'db1:3306']
    const { path, before } = callOf(['-c', command, ...given, ...destination])
    for (const asked of [path, ...(before === undefined ? [] : [before.path])]) assert.ok(isRoute(asked.replace(/\?.*$/, '')), `${command}: ${asked}`)
  }
})
