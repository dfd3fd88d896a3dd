import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import { HttpAgents } from './http-agents.ts'
import { agentClientSettings } from './settings.ts'

/** An agent that answers what it is told to, by path; with what it was asked. */
async function answering(answers: Readonly<Record<string, { readonly status?: number; readonly body: string; readonly location?: string }>>) {
  const asked: string[] = []
  const logged: string[] = []
  const http = createServer((request, response) => {
    asked.push(`${request.url} ${String(request.headers['x-orchestrator-agent-token'])}`)
    const answer = answers[new URL(request.url ?? '/', 'http://x').pathname.replace('/api/', '')] ?? { status: 404, body: 'no such page' }
    response.writeHead(answer.status ?? 200, answer.location === undefined ? {} : { location: answer.location }).end(answer.body)
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const say = (message: string, facts: unknown): void => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const log = { debug: say, info: say, warning: say, error: say }
  return {
    asked, logged, agent: { host: '127.0.0.1', port: (http.address() as AddressInfo).port, token: 's3cret&x' },
    client: (more: Partial<ReturnType<typeof defaultValues<typeof agentClientSettings>>> = {}) => new HttpAgents({ ...defaultValues(agentClientSettings), requestSeconds: 15, ...more }, log),
    [Symbol.asyncDispose]: () => new Promise<void>(resolve => http.close(() => resolve())),
  }
}

test('what an agent does not answer, or answers in another form, is not known; never 0, false or an empty list', async () => {
  await using rig = await answering({
    'mysql-status': { body: '"yes"' }, 'mysql-port': { body: '3306' }, 'lvs-snapshots': { body: '[{"Name":"x"}]' }, 'mysql-du': { status: 500, body: '7' }, 'mount': { body: '{"IsMounted":false}' },
    'available-snapshots': { body: '{"Code":"ERROR","Message":"lvs: no"}' },
  })
  const seen = await rig.client().look(rig.agent)
  assert.ok(seen.ok)
  const { isMysqlRunning, mysqlPort, volumes, mysqlDiskUsageBytes, mountPoint, snapshotHosts, errorLogTail } = seen.value
  assert.deepEqual([isMysqlRunning, mysqlPort, volumes, mysqlDiskUsageBytes, mountPoint?.isMounted, mountPoint?.mysqlDiskUsageBytes, snapshotHosts, errorLogTail], [null, 3306, null, null, false, null, null, null])
  assert.equal(rig.asked.length, 9)
})

test('an agent that is gone is asked once, not nine times, and has not been seen', async () => {
  const rig = await answering({})
  await rig[Symbol.asyncDispose]()
  const seen = await rig.client().look(rig.agent)
  assert.match(seen.ok ? '' : seen.failure, /ECONNREFUSED/)
  assert.equal(rig.logged.length, 1)
})

test('values are escaped, the token is beside every request and in no sentence, and a redirect leads nowhere', async () => {
  await using rig = await answering({ 'mountlv': { body: '"ok"' }, 'custom-commands/a%2F..%2Fb': { status: 500, body: 'no' }, 'umount': { status: 302, body: '', location: 'http://127.0.0.1:1/x' } })
  const client = rig.client()
  assert.deepEqual(await client.command(rig.agent, { do: 'mount', volume: '/dev/vg/a&b=c d' }), { ok: true, value: '"ok"' })
  const refused = [await client.command(rig.agent, { do: 'custom', name: 'a/../b' }), await client.command(rig.agent, { do: 'unmount' })]
  assert.deepEqual(refused.map(answer => (answer.ok ? 'done' : answer.failure)), ['127.0.0.1 answered 500: no', '127.0.0.1 answered 302: '])
  await rig.client({ tokenInQuery: false }).command(rig.agent, { do: 'unmount' })
  assert.deepEqual(rig.asked, [
    '/api/mountlv?lv=%2Fdev%2Fvg%2Fa%26b%3Dc%20d&token=s3cret%26x s3cret&x', '/api/custom-commands/a%2F..%2Fb?token=s3cret%26x s3cret&x', '/api/umount?token=s3cret%26x s3cret&x', '/api/umount s3cret&x',
  ])
  assert.ok(!JSON.stringify([refused, rig.logged]).includes('s3cret'))
})
