import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointOf } from './endpoint.ts'
import { type ClientArguments, clientOptions, optionList, parseClientArguments } from './options.ts'

function parsed(...argv: string[]): ClientArguments {
  const read = parseClientArguments(argv)
  assert.ok(read.ok, read.ok ? '' : read.failure)
  return read.value
}

test('every option of the original script is taken, short and long, with one dash or two', () => {
  const pairs = [
    ['c', 'command', 'command'], ['a', 'alias', 'alias'], ['o', 'owner', 'owner'], ['r', 'reason', 'reason'], ['u', 'duration', 'duration'], ['R', 'promotion-rule', 'promotionRule'],
    ['t', 'tag', 'tag'], ['l', 'pool', 'pool'], ['H', 'hostname', 'hostname'], ['U', 'api', 'api'], ['P', 'path', 'path'], ['q', 'query', 'query'], ['b', 'auth', 'auth'],
    ['e', 'headers-auth', 'headersAuth'], ['n', 'binlog', 'binlog'], ['S', 'seconds', 'seconds'], ['i', 'instance', 'instance'], ['d', 'destination', 'destination'], ['s', 'sibling', 'sibling'],
    ['D', 'default-port', 'defaultPort'],
  ] as const
  for (const [short, long, option] of pairs) {
    for (const words of [[`-${short}`, 'x'], [`--${short}`, 'x'], [`-${long}`, 'x'], [`--${long}`, 'x'], [`--${long}=x`]]) assert.equal(parsed(...words).options[option], 'x', words.join(' '))
  }
})

test('values may look like options, and words stand anywhere', () => {
  const { options, words } = parsed('topology', '--alias', '-odd-', 'x', '--json', '--', '-y')
  assert.deepEqual([options.alias, options.json, words], ['-odd-', true, ['topology', 'x', '-y']])
  assert.equal(parsed('--dry-run=false').options.dryRun, false)
  assert.equal(parsed('-r', 'a=b').options.reason, 'a=b')
})

test('an unknown option, a missing value and a switch that is neither on nor off are told', () => {
  assert.deepEqual(parseClientArguments(['--nosuch', 'x']), { ok: false, failure: 'Unknown option --nosuch' })
  assert.deepEqual(parseClientArguments(['-c']), { ok: false, failure: '-c needs a value' })
  assert.deepEqual(parseClientArguments(['--json=maybe']), { ok: false, failure: '--json=maybe: true or false is expected, and "maybe" is neither' })
})

test('no two options have one name, and the list has all', () => {
  const names = Object.values(clientOptions).flatMap(({ names: of }) => [...of])
  assert.equal(new Set(names).size, names.length)
  for (const name of names) assert.match(optionList(), new RegExp(`[ ,]--?${name}[ ,]`))
})

const none = { api: '', auth: '', headersAuth: '' }

test('the service is the one of the option, else of the environment, else on this machine', () => {
  const addresses = (options: object, environment: Record<string, string>) => {
    const endpoint = endpointOf({ ...none, ...options }, environment)
    return endpoint.ok ? endpoint.value.addresses : endpoint.failure
  }
  assert.deepEqual(addresses({}, {}), ['http://localhost:3000'])
  assert.deepEqual(addresses({}, { ORCHESTRATOR_API: ' http://a:3000/api/  https://b/prefix ' }), ['http://a:3000/api', 'https://b/prefix'])
  assert.deepEqual(addresses({ api: 'http://c:1' }, { ORCHESTRATOR_API: 'http://a' }), ['http://c:1'])
  assert.equal(addresses({ api: 'db1:3306' }, {}), 'ORCHESTRATOR_API: "db1:3306" is no address of a service, as http://localhost:3000 is')
})

test('credentials are those of the option, else of the environment, else of the address, which is asked without them', () => {
  const who = (options: object, environment: Record<string, string>) => {
    const endpoint = endpointOf({ ...none, ...options }, environment)
    assert.ok(endpoint.ok)
    const { addresses, user, password, header } = endpoint.value
    return [...addresses, user, password, header]
  }
  const inAddress = { ORCHESTRATOR_API: 'http://carl:p%40ss@a:3000' }
  const inEnvironment = { ...inAddress, ORCHESTRATOR_AUTH_USER: 'bob', ORCHESTRATOR_AUTH_PASSWORD: 'x:y', ORCHESTRATOR_AUTH_USER_HEADER: 'X-Forwarded-User: bob' }
  assert.deepEqual(who({}, inAddress), ['http://a:3000', 'carl', 'p@ss', ''])
  assert.deepEqual(who({}, inEnvironment), ['http://a:3000', 'bob', 'x:y', 'X-Forwarded-User: bob'])
  assert.deepEqual(who({ auth: 'ann:a:b', headersAuth: 'X-User:ann' }, inEnvironment), ['http://a:3000', 'ann', 'a:b', 'X-User:ann'])
  assert.deepEqual(endpointOf({ ...none, headersAuth: 'ann' }, {}), { ok: false, failure: '"ann" is no header, as X-Forwarded-User: ann is' })
})
