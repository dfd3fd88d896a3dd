import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
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
  await using managers = await Managers.start({ AuthenticationMethod: 'token' })
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
})
