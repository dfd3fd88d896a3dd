import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { contract, typedNames } from '../../src/contract/all.ts'
import type { AnyOperation } from '../../src/contract/operation.ts'
import { runProgram } from '../harness/recorded/program.ts'
import { triedService, type TriedService } from '../harness/service/service.ts'

type May = 'nothing' | 'read' | 'write'

interface Role {
  readonly who: string
  readonly headers: Readonly<Record<string, string>>
  readonly may: May
  /** Differs from another role by what it shows alone: asks every seventh address. */
  readonly isSample?: true
}

interface Way {
  readonly says: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly roles: readonly Role[]
}

const basic = (pair: string): Readonly<Record<string, string>> => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
const pair = { HTTPAuthUser: 'alice', HTTPAuthPassword: 'secret' }
const nobody: Readonly<Record<string, string>> = {}
const as = (user: string): Readonly<Record<string, string>> => ({ 'x-forwarded-user': user })
const power = { AuthenticationMethod: 'proxy', PowerAuthUsers: ['gromit'], PowerAuthGroups: ['root'] }
const provider = { OAuthIssuer: 'https://provider.invalid', OAuthClientId: 'orchestrator', OAuthClientSecret: 'a secret of many characters' }

/** Every method, and everybody who may come by it. */
const ways: readonly Way[] = [
  { says: 'no method', settings: {}, roles: [{ who: 'anybody', headers: nobody, may: 'write' }] },
  { says: 'an unknown method', settings: { AuthenticationMethod: 'basik' }, roles: [{ who: 'anybody', headers: nobody, may: 'write', isSample: true }] },
  {
    says: 'basic', settings: { AuthenticationMethod: 'basic', ...pair },
    roles: [
      // Before the wrong password, which is slowed down, and with it whatever was not right before.
      { who: 'alice', headers: basic('alice:secret'), may: 'write' }, { who: 'nobody', headers: nobody, may: 'nothing' },
      { who: 'a name in a header', headers: as('alice'), may: 'nothing', isSample: true }, { who: 'a wrong password', headers: basic('alice:Secret'), may: 'nothing', isSample: true },
    ],
  },
  {
    says: 'multi', settings: { AuthenticationMethod: 'multi', ...pair },
    roles: [{ who: 'nobody', headers: nobody, may: 'nothing', isSample: true }, { who: 'readonly', headers: basic('readonly:x'), may: 'read' }, { who: 'alice', headers: basic('alice:secret'), may: 'write', isSample: true }],
  },
  {
    says: 'multi with a password for readers', settings: { AuthenticationMethod: 'multi', ...pair, HTTPAuthReadOnlyPassword: 'look' },
    roles: [{ who: 'readonly with its password', headers: basic('readonly:look'), may: 'read', isSample: true }, { who: 'readonly', headers: basic('readonly:x'), may: 'nothing', isSample: true }],
  },
  {
    says: 'proxy', settings: power,
    roles: [
      { who: 'nobody', headers: nobody, may: 'read' }, { who: 'shaun', headers: as('shaun'), may: 'read', isSample: true }, { who: 'gromit', headers: as('gromit'), may: 'write' },
      { who: 'root by its group', headers: as('root'), may: 'write', isSample: true }, { who: 'an option for id', headers: as('--help'), may: 'read', isSample: true }, { who: 'a password', headers: basic('gromit:x'), may: 'read', isSample: true },
    ],
  },
  { says: 'proxy, asked by another address', settings: { ...power, TrustedProxyAddresses: ['10.9.9.9'] }, roles: [{ who: 'gromit', headers: as('gromit'), may: 'read', isSample: true }] },
  {
    says: 'token', settings: { AuthenticationMethod: 'token' },
    roles: [
      { who: 'nobody', headers: nobody, may: 'read' }, { who: 'a cookie without a colon', headers: { cookie: 'access-token=abc' }, may: 'read', isSample: true },
      { who: 'an unknown token', headers: { cookie: `access-token=${'a'.repeat(64)}:${'b'.repeat(64)}` }, may: 'read', isSample: true }, { who: 'an unknown bearer', headers: { authorization: 'Bearer x:y' }, may: 'read', isSample: true },
    ],
  },
  { says: 'oauth without a provider', settings: { AuthenticationMethod: 'oauth' }, roles: [{ who: 'anybody', headers: nobody, may: 'read', isSample: true }] },
  {
    says: 'oauth', settings: { AuthenticationMethod: 'oauth', ...provider },
    roles: [{ who: 'nobody', headers: nobody, may: 'nothing' }, { who: 'a forged session', headers: { cookie: `orchestrator-session=${'A'.repeat(120)}` }, may: 'nothing', isSample: true }],
  },
  { says: 'ReadOnly without a method', settings: { ReadOnly: true }, roles: [{ who: 'anybody', headers: nobody, may: 'read' }] },
  { says: 'ReadOnly under basic', settings: { ReadOnly: true, AuthenticationMethod: 'basic', ...pair }, roles: [{ who: 'alice', headers: basic('alice:secret'), may: 'read', isSample: true }] },
]

/** What load balancers and members of a group ask, who cannot sign in. */
const openUnderOauth = /^\/api\/(status|lb-check|_ping|leader-check(\/.*)?|routed-leader-check|raft-health)$/

const values: Readonly<Record<string, string>> = { host: '127.0.0.1', port: '1', belowHost: '127.0.0.1', belowPort: '2', siblingHost: '127.0.0.1', siblingPort: '2' }

interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly declared: AnyOperation
  readonly version: 1 | 2
}

/** Every address of every operation, as scripts and as the page ask it. */
const everyAddress: readonly Asked[] = typedNames().flatMap(name => {
  const declared: AnyOperation = contract[name]
  const former = declared.former.routes.flatMap((pattern): Asked[] => {
    const path = `/api/${pattern.replaceAll(/:(\w+)/g, (_all, parameter: string) => values[parameter] ?? (/port$/i.test(parameter) ? '2' : '127.0.0.1'))}`
    const asked = { path, declared, version: 1 } as const
    return declared.access === 'write' ? [{ method: 'GET', ...asked }, { method: 'POST', ...asked }] : [{ method: 'GET', ...asked }]
  })
  return [...former, { method: 'POST', path: `/api/v2/operations/${name}`, declared, version: 2 }]
})

const unauthorized = { Code: 'ERROR', Message: 'Unauthorized', Details: null }

/** What is wrong with the answer; null: nothing. */
async function wrongOf(service: TriedService, way: Way, role: Role, asked: Asked): Promise<string | null> {
  const { method, path, declared, version } = asked
  const isWrite = declared.access === 'write'
  // Whoever may change things is shown what would be done: who may is decided before that.
  const isShown = isWrite && role.may === 'write'
  const response = await fetch(`${service.address}${path}${version === 1 && isShown ? '?dryRun=true' : ''}`, {
    // Each on a connection of its own: one that was kept may be closed just when it is used, where a machine has much else to do.
    method, headers: { ...role.headers, connection: 'close', ...(version === 2 ? { 'content-type': 'application/json' } : {}) }, redirect: 'manual',
    ...(version === 2 ? { body: JSON.stringify(isShown ? { dryRun: true } : { input: {} }) } : {}),
  })
  const text = await response.text()
  const got = `${way.says}, ${role.who}: ${method} ${path} answered ${response.status} ${text.slice(0, 200)}`
  const isOpen = way.settings['OAuthIssuer'] !== undefined && openUnderOauth.test(path)
  // Whoever goes on guessing is told to wait.
  if (role.may === 'nothing' && !isOpen) return response.status === 401 || response.status === 429 ? null : got
  if (response.status === 401) return got
  const isRefused = version === 1 ? text === JSON.stringify(unauthorized) && response.status === 500 : response.status === 403 && text.includes('"may-not-write"')
  return isRefused === (isWrite && role.may !== 'write') ? null : got
}

/** A few at once. */
async function eachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<string | null>): Promise<readonly string[]> {
  const wrong: string[] = []
  const left = items.values()
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (const item of left) {
      const found = await act(item)
      if (found !== null) wrong.push(found)
    }
  }))
  return wrong
}

for (const way of ways) {
  test(`with ${way.says}, each address does for each role what the role may, and whoever may not change anything changed nothing`, async () => {
    await using service = await triedService(way.settings)
    const before = service.rows()
    for (const [number, role] of way.roles.entries()) {
      const addresses = role.isSample === true ? everyAddress.filter((_address, index) => index % 7 === number % 7) : everyAddress
      assert.deepEqual((await eachOf(addresses, asked => wrongOf(service, way, role, asked))).slice(0, 5), [])
    }
    assert.deepEqual(service.rows(), before)
    assert.deepEqual(service.faults, [])
  })
}

test('where it is wished, readers tag and GET changes nothing', async () => {
  await using service = await triedService({ AuthenticationMethod: 'multi', ...pair, ReadersMayTag: true, RefuseGETWrites: true })
  const ask = async (method: string, path: string, headers: Readonly<Record<string, string>>): Promise<string> => (await fetch(`${service.address}${path}`, { method, headers })).text()
  const tag = '/api/tag/127.0.0.1/1/role/backup'
  assert.match(await ask('POST', tag, basic('readonly:x')), /"Code":"OK"|"Code":"ERROR","Message":"(?!Unauthorized)/)
  assert.equal(await ask('GET', tag, basic('readonly:x')), JSON.stringify(unauthorized))
  assert.equal(await ask('GET', tag, basic('alice:secret')), JSON.stringify(unauthorized))
  assert.equal(await ask('POST', '/api/disable-global-recoveries', basic('readonly:x')), JSON.stringify(unauthorized))
  assert.match(await ask('POST', '/api/disable-global-recoveries', basic('alice:secret')), /"Code":"OK"/)
})

test('what people put in comes back as data, never as a page, and no header of theirs becomes one of ours', async () => {
  const script = '<script>alert(1)</script>'
  await using service = await triedService({ AuthenticationMethod: 'proxy' })
  const ask = (path: string): Promise<Response> => fetch(`${service.address}${path}`, { headers: { ...as(script), 'connection': 'close', 'x-request-id': script, 'x-forwarded-host': 'evil.example', 'host': 'evil.example' }, redirect: 'manual' })
  assert.match(await (await ask('/api/disable-global-recoveries')).text(), /"Code":"OK"/)
  const shown: string[] = []
  for (const path of ['/api/audit', '/api/v2/audit', '/api/v2/me', `/api/v2/${encodeURIComponent(script)}`, `/api/instance/${encodeURIComponent(script.replace('/', ''))}/1`, `/api/${encodeURIComponent(script)}`, `/${encodeURIComponent(script)}`, '/', '/web/access-token?publicToken=<script>']) {
    const answer = await ask(path)
    const text = await answer.text()
    const { headers } = answer
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.match(headers.get('content-security-policy') ?? '', /script-src 'self';.*frame-ancestors 'none'/, path)
    assert.doesNotMatch(JSON.stringify([...headers]), /script>|evil/, path)
    assert.ok(text === '' || !(headers.get('content-type') ?? '').includes('html'), path)
    assert.doesNotMatch(text, /<script/, path)
    if (text.includes('alert(1)')) shown.push(path)
  }
  assert.ok(shown.includes('/api/v2/me') && shown.includes('/api/v2/audit'), `it was put in: ${shown.join()}`)
})

test('a token that the command line made is taken once by a browser, lets change things, and names its owner in the audit', async () => {
  await using service = await triedService({ AuthenticationMethod: 'token' })
  const made = runProgram(['--config', join(service.folder, 'orchestrator.conf.json'), '-c', 'access-token', '-owner', 'ann'])
  assert.match(made.stdout, /^[0-9a-f]{64}\n$/, made.stderr)
  const take = (): Promise<Response> => fetch(`${service.address}/web/access-token?publicToken=${made.stdout.trim()}`, { redirect: 'manual', headers: { connection: 'close' } })
  const taken = await take()
  assert.deepEqual([taken.status, taken.headers.get('location')], [302, '/'])
  const [, value = ''] = /^access-token=([0-9a-f]{64}:[0-9a-f]{64}); Path=\/; HttpOnly; SameSite=Lax$/.exec(taken.headers.get('set-cookie') ?? '') ?? []
  const again = await take()
  assert.equal(again.status, 200)
  assert.match(await again.text(), /^\{"Code":"ERROR","Message":"Cannot acquire token/)
  const change = async (headers: Readonly<Record<string, string>>): Promise<string> => (await fetch(`${service.address}/api/disable-global-recoveries`, { headers: { ...headers, connection: 'close' } })).text()
  assert.equal(await change({ cookie: `access-token=${value.slice(0, -1)}` }), JSON.stringify(unauthorized))
  assert.match(await change({ cookie: `access-token=${value}` }), /"Code":"OK"/)
  assert.match(await change({ authorization: `Bearer ${value}` }), /"Code":"OK"/)
  await askedIn(service, 2)
  assert.ok(service.audit().filter(line => line.startsWith('asked: disable-global-recoveries by ann from ')).length === 2, service.audit().join('\n'))
})

/** The audit is written behind. */
async function askedIn(service: TriedService, count: number): Promise<readonly string[]> {
  for (const end = Date.now() + 15_000; ;) {
    const asked = service.audit().filter(line => line.startsWith('asked: '))
    if (asked.length >= count || Date.now() > end) return asked
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

test('who changed what is in the audit', async () => {
  await using service = await triedService({ AuthenticationMethod: 'multi', ...pair })
  await fetch(`${service.address}/api/disable-global-recoveries`, { headers: basic('alice:secret') })
  await fetch(`${service.address}/api/v2/operations/enable-global-recoveries`, { method: 'POST', headers: basic('alice:secret') })
  const response = await fetch(`${service.address}/api/recover/127.0.0.1/1`, { headers: basic('readonly:x') })
  assert.deepEqual(await response.json(), unauthorized)
  assert.deepEqual((await askedIn(service, 2)).map(line => line.replace(/from .*127\.0\.0\.1:/, 'from here:')), ['asked: disable-global-recoveries by alice from here: done', 'asked: enable-global-recoveries by alice from here: done'])
})
