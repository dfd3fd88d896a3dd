import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { runProgram } from '../harness/recorded/program.ts'
import { type Manager, Managers } from '../harness/raft/managers.ts'

const change = '/api/disable-global-recoveries'
const [done, unauthorized] = [/"Code":"OK"/, /"Message":"Unauthorized"/]

interface Answered {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

type Headed = Readonly<Record<string, string>>

async function ask({ program }: Manager, path: string, headers: Headed): Promise<Answered> {
  const response = await fetch(program.address + path, { redirect: 'manual', headers: { connection: 'close', ...headers } })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

test('of three managers of a Raft group a token is taken once, through a follower, and lets its owner change things through each; nobody else may', async () => {
  await using managers = await Managers.start({ AuthenticationMethod: 'token', AuditToBackendDB: true })
  const leader = await managers.all()
  const all = [...managers.running.values()]
  const [follower] = all.filter(({ number }) => number !== leader.number)
  assert.ok(follower !== undefined)
  const configuration = join(managers.folderOf(leader.number), 'orchestrator.conf.json')
  const made = runProgram(['--config', configuration, '--ignore-raft-setup', '-c', 'access-token', '-owner', 'ann'])
  assert.match(made.stdout, /^[0-9a-f]{64}\n$/, made.stderr)
  const taking = `/web/access-token?publicToken=${made.stdout.trim()}`
  const taken = await ask(follower, taking, {})
  const [, value = ''] = /^access-token=([0-9a-f]{64}:[0-9a-f]{64});/.exec(taken.headers.get('set-cookie') ?? '') ?? []
  assert.deepEqual([taken.status, value === ''], [302, false], taken.text)
  for (const manager of all) {
    assert.match((await ask(manager, taking, {})).text, /Cannot acquire token/, 'it was taken')
    assert.match((await ask(manager, change, {})).text, unauthorized)
    assert.match((await ask(manager, change, { cookie: `access-token=${value.slice(0, -1)}` })).text, unauthorized)
    assert.match((await ask(manager, change, { cookie: `access-token=${value}` })).text, done)
    assert.match((await ask(manager, change, { authorization: `Bearer ${value}` })).text, done)
  }
  for (const manager of all) await asked(manager, 'ann', 6)
})

const basic = (user: string, password: string): Headed => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` })
const wallace = basic('wallace', 'a b:c')

/** Each member tells who changed what, whichever member was asked. */
async function asked(manager: Manager, by: string, times: number, headers: Headed = {}): Promise<void> {
  const lines = async (): Promise<readonly string[]> => {
    const { audit } = JSON.parse((await ask(manager, '/api/v2/audit', headers)).text) as { readonly audit: readonly { readonly kind: string; readonly message: string }[] } // its own shape
    return audit.filter(({ kind, message }) => kind === 'asked' && message.startsWith(`disable-global-recoveries by ${by} from `)).map(({ message }) => message)
  }
  await until(lines, found => found.length === times, 60_000)
}

for (const method of ['basic', 'multi'] as const) {
  test(`with ${method} each of three managers of a Raft group lets in whoever gives the password and nobody else, and the one that leads does what a follower was asked for`, async () => {
    await using managers = await Managers.start({ AuthenticationMethod: method, HTTPAuthUser: 'wallace', HTTPAuthPassword: 'a b:c', AuditToBackendDB: true }, true, undefined, wallace)
    await managers.all()
    const all = [...managers.running.values()]
    for (const manager of all) {
      for (const headers of [{}, basic('wallace', 'wrong'), basic('', '')]) assert.deepEqual((await ask(manager, change, headers)).status, 401, JSON.stringify(headers))
      assert.match((await ask(manager, change, basic('readonly', 'anything'))).text, method === 'multi' ? unauthorized : /Not Authorized/)
      assert.equal((await ask(manager, '/api/clusters', {})).status, 401)
      const reader = await ask(manager, '/api/clusters', basic('readonly', 'anything'))
      assert.equal(reader.status, method === 'multi' ? 200 : 401)
      assert.match((await ask(manager, change, wallace)).text, done)
    }
    for (const manager of all) await asked(manager, 'wallace', all.length, wallace)
  })
}
