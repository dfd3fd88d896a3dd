import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import type { ClusterView, FleetView, OperationView, RecoveryView } from '../../src/contract/views.ts'
import type { FailureStory } from '../../src/model/recovery/failure-story.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { differences } from '../harness/recorded/differences.ts'
import { golden } from '../harness/recorded/recorded-topology.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let program: RunningProgram
let api: Api
let configuration = ''

const key = (name: string): string => sandbox.server(name).key
const path = (name: string): string => key(name).replace(':', '/')
const sourceOf = async (name: string): Promise<string> => {
  const { Source_Host: host, Source_Port: port } = await sandbox.server(name).row('SHOW REPLICA STATUS')
  return `${String(host)}:${String(port)}`
}

/** The first entry of a recorded list. */
const golden1 = (name: string): unknown => (JSON.parse(golden(name)) as readonly unknown[])[0]

before(async () => {
  sandbox = await Sandbox.fourServers()
  configuration = writeConfiguration(folder.path, { AuditToBackendDB: true })
  const started = await startProgram(['--config', configuration])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  program = started
  api = new Api(program.address)
})

after(async () => {
  await program?.stop()
  await sandbox?.stop()
  folder[Symbol.dispose]()
})

test('an empty service answers empty lists', async () => {
  assert.equal(await api.get('/api/clusters'), null)
  assert.deepEqual(await api.get('/api/clusters-info'), [])
  assert.deepEqual((await api.get<FleetView>('/api/v2/clusters')).clusters, [])
})

test('from one server the whole topology is discovered and shown as one cluster', async () => {
  const discovered = await api.former(`discover/${path('sub-replica')}`)
  assert.equal(discovered.Message, `Instance discovered: ${key('sub-replica')}`)
  const view = await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(key('primary'))}`), ({ members }) => members?.length === 4)
  assert.deepEqual(view.members.map(({ role }) => role).sort(), ['intermediate', 'primary', 'replica', 'replica'])
  assert.equal(view.alias, 'ci')
  const text = await until(() => api.former('topology/ci'), ({ Details }) => String(Details).split('\n').every(line => line.includes('[0s,ok,')))
  assert.equal(String(text.Details).split('\n').length, 4)
})

test('a relocation is shown first, and then exactly that is run and followed step by step', async () => {
  const input = { instance: key('replica-1'), destination: key('replica-2') }
  const plan = await api.plan('relocate', input)
  assert.equal(plan.before[key('replica-1')], key('primary'))
  assert.equal(plan.after[key('replica-1')], key('replica-2'))
  assert.ok(plan.steps.some(step => step.statements.some(statement => statement.startsWith('CHANGE REPLICATION SOURCE TO'))))
  assert.equal(await sourceOf('replica-1'), key('primary'), 'a dry run changes nothing')
  const started = await api.operation('relocate', input, { fingerprint: plan.fingerprint })
  assert.ok(started.state === 'started', JSON.stringify(started))
  const run = await until(() => api.get<{ operations: OperationView[] }>('/api/v2/operations'), ({ operations }) => operations.find(({ number }) => number === started.operation)?.state !== 'running')
  const operation = run.operations.find(({ number }) => number === started.operation)
  assert.equal(operation?.state, 'done')
  assert.deepEqual(operation.steps.map(({ state }) => state), plan.steps.map(() => 'done'))
  assert.equal(await sourceOf('replica-1'), key('replica-2'))
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members.find(member => member.key === key('replica-1'))?.source === key('replica-2'))
})

test('a fingerprint that is no longer true runs nothing', async () => {
  const answer = await api.post('/api/v2/operations/relocate', { input: { instance: key('replica-1'), destination: key('primary') }, fingerprint: '0000000000000000' })
  assert.equal(answer.status, 409)
  assert.match(JSON.stringify(answer.body), /"code":"fingerprint-stale"/)
  assert.equal(await sourceOf('replica-1'), key('replica-2'))
})

test('the former route relocates and answers the replica as it now is', async () => {
  const moved = await api.former(`relocate/${path('replica-1')}/${path('primary')}`)
  assert.equal(moved.Message, `Instance ${key('replica-1')} relocated below ${key('primary')}`)
  assert.equal(await sourceOf('replica-1'), key('primary'))
})

test('replication is stopped and started, and every act is in the audit', async () => {
  assert.equal((await api.former(`stop-slave/${path('replica-1')}`)).Message, `Replica stopped: ${key('replica-1')}`)
  assert.equal((await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Replica_SQL_Running'], 'No')
  const plan = await api.former(`start-replica/${path('replica-1')}?dryRun=true`)
  assert.match(plan.Message, /^dry run: /)
  assert.equal((await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Replica_SQL_Running'], 'No')
  assert.equal((await api.former(`start-replica/${path('replica-1')}`)).Message, `Replica started: ${key('replica-1')}`)
  assert.equal((await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Replica_SQL_Running'], 'Yes')
  const { audit } = await until(() => api.get<{ audit: { kind: string; server: string }[] }>('/api/v2/audit'), found => found.audit.some(({ kind }) => kind === 'start-replica'))
  assert.ok(audit.some(({ kind, server }) => kind === 'relocate-below' && server === key('replica-1')))
})

test('what cannot be done is refused with its reason', async () => {
  const port = sandbox.server('replica-1').port
  const cases: readonly (readonly [string, RegExp])[] = [
    [`relocate/${path('replica-2')}/${path('replica-2')}`, new RegExp(`relocate: ${key('replica-2')} is a descendant of ${key('replica-2')}$`)],
    [`relocate/${path('replica-2')}/${path('sub-replica')}`, new RegExp(`relocate: ${key('sub-replica')} is a descendant of ${key('replica-2')}$`)],
    ['relocate/127.0.0.9/1/127.0.0.9/2', /Error reading 127\.0\.0\.9:[12]$/],
    [`stop-replica/${path('primary')}`, new RegExp(`instance is not a replica: ${key('primary')}$`)],
    ['discover/127.0.0.1/1', /dial tcp 127\.0\.0\.1:1: connect: connection refused$/],
    ['discover/no.such.host.invalid/3306', /no such host$/],
    ['discover/127.0.0.1/notaport', /^Invalid port: notaport$/],
    [`instance/127.0.0.9/${port}`, new RegExp(`Cannot read instance: 127\\.0\\.0\\.9:${port}$`)],
    ['recover/127.0.0.9/3306', /^Recovery not attempted$/],
    [`recover/${path('primary')}`, /^Recovery not attempted$/],
  ]
  for (const [asked, expected] of cases) {
    const answer = await api.former(asked)
    assert.equal(answer.Code, 'ERROR', asked)
    assert.match(answer.Message, expected, asked)
  }
})

test('malformed input of version 2 is explained with status 400', async () => {
  for (const [input, code] of [[{ instance: 'db1:x' }, 'address-invalid'], [{ instance: 'db1:99999' }, 'address-invalid'], [{}, 'input-missing'], [{ instance: key('primary'), surplus: 'x' }, 'input-unreadable']] as const) {
    const { status, body } = await api.post('/api/v2/operations/refresh', { input })
    assert.equal(status, 400, JSON.stringify(body))
    assert.match(JSON.stringify(body), new RegExp(`"code":"${code}"`))
  }
  assert.equal((await api.post('/api/v2/operations/nosuch', {})).status, 404)
})

test('a port on which something else answers is told from a server that is dead', async () => {
  const other = createServer(socket => socket.end('SSH-2.0-nonsense\r\n'))
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  assert.ok(address !== null && typeof address === 'object')
  const answer = await api.former(`discover/127.0.0.1/${address.port}`)
  other.close()
  assert.equal(answer.Code, 'ERROR')
  assert.doesNotMatch(answer.Message, /connection refused/)
})

test('verdicts on every target say why one cannot be followed', async () => {
  const { body } = await api.post('/api/v2/targets', { servers: [key('replica-2')] })
  // The shape of the contract.
  const { targets } = body as { readonly targets: readonly { readonly target: string; readonly verdict: string; readonly says: { readonly code: string } }[] }
  const of = (name: string) => targets.find(({ target }) => target === key(name))
  assert.equal(of('replica-1')?.verdict, 'possible')
  assert.equal(of('sub-replica')?.says.code, 'below-own-replica')
  assert.equal(of('primary')?.says.code, 'already-its-source')
})

test('a change is told by the stream within a second, and a client that comes back misses nothing', async () => {
  const first = await listen(program.address)
  const hello = await first.event('hello')
  assert.equal(hello.data['gap'], false)
  await api.former(`begin-downtime/${path('replica-1')}/me/why/10m`)
  const changed = await first.event('cluster')
  assert.match(JSON.stringify(changed.data['changed']), /"owner":"me"/)
  first.close()
  await api.former(`end-downtime/${path('replica-1')}`)
  await until(async () => (await api.get<ClusterView>('/api/v2/clusters/ci')).members.every(({ downtime }) => downtime === null), Boolean)
  await new Promise(resolve => setTimeout(resolve, 400))
  const second = await listen(program.address, changed.id)
  assert.equal((await second.event('hello')).data['gap'], false)
  assert.ok((await second.event('cluster')).id > changed.id)
  second.close()
  const stranger = await listen(program.address, 1)
  assert.equal((await stranger.event('hello')).data['gap'], true)
  stranger.close()
})

test('a second program on the same port is refused with a sentence that names it', async () => {
  const { port } = new URL(program.address)
  using other = temporaryFolder()
  const started = await startProgram(['--config', writeConfiguration(other.path, { ListenAddress: `127.0.0.1:${port}` })])
  assert.ok(!isRunning(started))
  assert.equal(started.status, 1)
  assert.match(started.stderr, new RegExp(`FATAL Cannot listen on 127\\.0\\.0\\.1:${port}: the address is in use`))
})

test('a command relocates beside the running service, from the store and fresh probes', async () => {
  const args = ['--config', configuration, '-c', 'relocate', '-i', key('replica-1'), '-d', key('replica-2')]
  const shown = runProgram([...args, '--dry-run'])
  const fingerprint = /^Fingerprint: (\S+)$/m.exec(shown.stdout)?.[1]
  assert.ok(fingerprint, shown.stderr)
  assert.match(shown.stdout, /CHANGE REPLICATION SOURCE TO/)
  const stale = runProgram([...args, '--fingerprint', 'deadbeef'])
  assert.equal(stale.status, 1)
  assert.match(stale.stderr, /FATAL the plan has changed since it was shown/)
  const moved = runProgram([...args, '--fingerprint', fingerprint])
  assert.deepEqual([moved.stdout, moved.status], [`${key('replica-1')}<${key('replica-2')}\n`, 0], moved.stderr)
  assert.equal(await sourceOf('replica-1'), key('replica-2'))
})

test('with ORCHESTRATOR_API the same command runs in the service', async () => {
  const environment = { ORCHESTRATOR_API: program.address }
  const back = runProgram(['-c', 'relocate', '-i', key('replica-1'), '-d', key('primary')], environment)
  assert.deepEqual([back.stdout, back.status], [`${key('replica-1')}<${key('primary')}\n`, 0], back.stderr)
  const refused = runProgram(['-c', 'relocate', '-i', key('replica-2'), '-d', key('sub-replica')], environment)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /FATAL relocate: \S+ is a descendant of \S+\n$/)
  const gone = runProgram(['-c', 'clusters'], { ORCHESTRATOR_API: 'http://127.0.0.1:1' })
  assert.equal(gone.status, 1)
  assert.match(gone.stderr, /FATAL Cannot access orchestrator at http:\/\/127\.0\.0\.1:1/)
})

test('a takeover is shown whole before it is done, in every way of asking, and a stale fingerprint is refused', async () => {
  const input = { cluster: 'ci', designated: key('replica-1') }
  const plan = await api.plan('graceful-takeover-auto', input)
  const order = plan.steps.map(({ action }) => action)
  // The successor catches up while writes go on; only then do they stop, and somebody else takes them.
  assert.deepEqual([plan.kind, order[0], order.indexOf('wait-executed') < order.indexOf('set-read-only'), order.indexOf('set-read-only') < order.indexOf('set-writable')], ['takeover', 'read-executed', true, true], order.join(' '))
  assert.ok(plan.steps.every(({ statements, action }) => statements.length > 0 || action === 'read-executed'), JSON.stringify(plan.steps.filter(step => step.statements.length === 0)))
  assert.deepEqual(plan.candidates?.map(candidate => candidate.key).sort(), [key('replica-1'), key('replica-2')].sort())
  assert.equal(plan.after[key('primary')], key('replica-1'))
  const former = await api.former(`graceful-master-takeover-auto/ci/${path('replica-1')}?dryRun=true`)
  assert.deepEqual([former.Code, former.Message.startsWith('dry run: ')], ['OK', true], former.Message)
  const shown = runProgram(['-c', 'graceful-master-takeover-auto', '-alias', 'ci', '-d', key('replica-1'), '--dry-run'], { ORCHESTRATOR_API: program.address })
  assert.equal(shown.status, 0, shown.stderr)
  assert.match(shown.stdout, /^Candidates:$/m)
  assert.match(shown.stdout, new RegExp(`^Fingerprint: ${plan.fingerprint}$`, 'm'))
  const refused = await api.operation('graceful-takeover', { cluster: 'ci' }, { dryRun: true })
  assert.deepEqual([refused.state, refused.state === 'refused' ? refused.refused.code : ''], ['refused', 'not-indicated'])
  const stale = await api.operation('graceful-takeover-auto', input, { fingerprint: 'deadbeef', wait: true })
  assert.equal(stale.state === 'refused' ? stale.refused.code : '', 'fingerprint-stale', JSON.stringify(stale))
  assert.equal((await api.former(`graceful-master-takeover-auto/ci/${path('replica-1')}?fingerprint=deadbeef`)).Code, 'ERROR')
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro'), { ro: 0 })
  assert.deepEqual(await api.get('/api/audit-recovery'), [])
})

test('a recovery is shown with candidates, stages, losses and hooks, and touches nothing', async () => {
  const answer = await api.operation('recover', { instance: key('primary') }, { dryRun: true })
  assert.ok(answer.state === 'recovery', JSON.stringify(answer))
  assert.deepEqual([answer.recovery.code, answer.recovery.isConfirmedDead, answer.recovery.refusal], ['DeadMaster', false, null])
  assert.equal(answer.recovery.stages[0]?.name, 'stop-receivers')
  const chosen = await api.operation('recover', { instance: key('primary'), candidate: key('replica-2') }, { dryRun: true })
  assert.equal(chosen.state === 'recovery' ? chosen.recovery.successor : '', key('replica-2'))
  const former = await api.former(`recover/${path('primary')}?dryRun=true`)
  assert.deepEqual([former.Code, former.Message], ['OK', `dry run: DeadMaster of ${key('primary')}: ${answer.recovery.successor ?? ''} would take its place`])
  const shown = runProgram(['--config', configuration, '-c', 'recover', '-i', key('primary'), '--dry-run'])
  assert.equal(shown.status, 0, shown.stderr)
  assert.match(shown.stdout, /answers; this is what would be done if it died now\.\n/)
  assert.match(shown.stdout, /^Stage 1, stop-receivers: [^]*> STOP REPLICA IO_THREAD/m)
  const lost = runProgram(['-c', 'recover-lite', '-i', key('replica-1'), '--dry-run'], { ORCHESTRATOR_API: program.address })
  assert.deepEqual([lost.status, /Nothing would be recovered: NoProblem/.test(lost.stdout)], [1, true], lost.stdout + lost.stderr)
  assert.equal((await api.operation('recover', { instance: key('primary') }, { fingerprint: 'deadbeef' })).state, 'refused')
  assert.deepEqual(await api.get('/api/audit-recovery'), [])
})

test('a dry run of what changes no server says in one sentence what would be done, and does not do it', async () => {
  const asked = [['begin-downtime', { instance: key('replica-1'), reason: 'why' }], ['forget', { instance: key('replica-1') }], ['disable-global-recoveries', {}], ['ack-all-recoveries', { comment: 'seen' }]] as const
  for (const [name, input] of asked) {
    const answer = await api.operation(name, input, { dryRun: true })
    assert.ok(answer.state === 'sentence', JSON.stringify(answer))
    assert.match(answer.says.text, new RegExp(`^Dry run, nothing was done\\. ${name}`))
  }
  const former = await api.former(`forget/${path('replica-1')}?dryRun=true`)
  assert.match(former.Message, new RegExp(`forget \\(instance=${key('replica-1')}\\): `))
  const shown = runProgram(['-c', 'begin-downtime', '-i', key('replica-1'), '-reason', 'why', '--dry-run'], { ORCHESTRATOR_API: program.address })
  assert.deepEqual([shown.status, shown.stdout.split('\n').length], [0, 2], shown.stderr)
  const { members } = await api.get<ClusterView>('/api/v2/clusters/ci')
  assert.deepEqual([members.length, members.every(({ downtime }) => downtime === null)], [4, true])
  assert.deepEqual((await api.former('check-global-recoveries')).Details, 'enabled')
  const read = runProgram(['-c', 'clusters', '--dry-run'], { ORCHESTRATOR_API: program.address })
  assert.deepEqual([read.stdout, read.status], [`${key('primary')}\n`, 0], 'what only reads is its own dry run')
})

test('a missing privilege is named as the grant to give, and is not taken for a dead server', async () => {
  const primary = sandbox.server('primary')
  await primary.sql("CREATE USER poor@'127.%' IDENTIFIED BY 'Poor-pass-1'")
  using other = temporaryFolder()
  const poor = writeConfiguration(other.path, { MySQLTopologyUser: 'poor', MySQLTopologyPassword: 'Poor-pass-1' })
  await sandbox.untilCaughtUp('replica-1', 'primary')
  await sandbox.untilCaughtUp('replica-2', 'primary')
  const seen = runProgram(['--config', poor, '-c', 'discover', '-i', key('replica-1')])
  assert.deepEqual([seen.status, /GRANT [A-Z ,]*REPLICATION/.test(seen.stderr)], [1, true], seen.stdout + seen.stderr)
  await primary.sql("GRANT PROCESS, REPLICATION SLAVE ON *.* TO poor@'127.%'")
  await primary.sql("GRANT REPLICATION CLIENT ON *.* TO poor@'127.%'")
  await sandbox.untilCaughtUp('replica-1', 'primary')
  const known = runProgram(['--config', poor, '-c', 'discover', '-i', key('replica-1')])
  assert.equal(known.status, 0, known.stderr)
  const stopped = runProgram(['--config', poor, '-c', 'stop-replica', '-i', key('replica-1')])
  assert.deepEqual([stopped.status, /GRANT [A-Z_ ,]*(SUPER|REPLICATION_SLAVE_ADMIN)/.test(stopped.stderr)], [1, true], stopped.stdout + stopped.stderr)
  assert.equal((await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Replica_IO_Running'], 'Yes')
  await primary.sql("DROP USER poor@'127.%'")
})

test('a wrong password is explained, not taken for a dead server', async () => {
  using other = temporaryFolder()
  const denied = runProgram(['--config', writeConfiguration(other.path, { MySQLTopologyPassword: 'wrong' }), '-c', 'discover', '-i', key('primary')])
  assert.equal(denied.status, 1)
  assert.match(denied.stderr, /FATAL .*Access denied for user 'orchestrator'/)
})

test('a stream asked for by HEAD ends at once', async () => {
  const response = await fetch(`${program.address}/api/v2/events`, { method: 'HEAD', signal: AbortSignal.timeout(2000) })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('x-request-id') ?? '', /\w+-\w+/)
})

test('a dead replica is told from a living one, and acts on it say that nothing listens there', async () => {
  const dead = key('sub-replica')
  await sandbox.server('sub-replica').kill()
  const { members } = await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), view => view.members.find(member => member.key === dead)?.statuses[0]?.code === 'unreachable')
  assert.equal(members.length, 4)
  const stopped = await api.former(`stop-replica/${path('sub-replica')}`)
  assert.match(stopped.Message, new RegExp(`dial tcp ${dead}: connect: connection refused$`))
})

test('a dead primary is replaced, and its former name leads to the cluster it has become', async () => {
  const former = key('primary')
  const events = await listen(program.address)
  await events.event('hello')
  await sandbox.server('primary').kill()
  const told = await events.event('recovery')
  assert.equal(told.data['failed'], former)
  events.close()
  const view = await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(former)}`), found => found.name !== former && typeof found.lastRecovery?.endedAt === 'number')
  assert.equal(view.formerName?.asked, former)
  assert.equal(view.lastRecovery?.isSuccessful, true)
  const recovery = await api.get<RecoveryView>(`/api/v2/recoveries/${encodeURIComponent(view.lastRecovery?.uid ?? '')}`)
  assert.equal(recovery.successor, view.name)
  assert.ok(recovery.steps.length > 3)
  const lists = { recoveries: await api.get<unknown[]>('/api/audit-recovery'), detections: await api.get<unknown[]>('/api/audit-failure-detection') }
  // Values differ from the recording's; keys, their order and the types must not.
  const shapes = [...differences(golden1('recovery/audit-recovery.json'), lists.recoveries[0]), ...differences(golden1('recovery/audit-failure-detection.json'), lists.detections[0])]
  assert.deepEqual(shapes.filter(line => !/(expected, .* found$)/.test(line) || /(missing|surplus|order is|null|object|array)/.test(line)), [])
  const steps = await api.get<unknown[]>(`/api/audit-recovery-steps/${encodeURIComponent(recovery.uid)}`)
  assert.deepEqual(Object.keys(Object(steps[0])), ['Id', 'RecoveryUID', 'AuditAt', 'Message'])
  const story = await api.get<FailureStory>(`/api/v2/recoveries/${encodeURIComponent(recovery.uid)}/story`)
  assert.deepEqual([story.outcome, story.failed, story.successor], ['succeeded', former, view.name])
  assert.ok(story.evidence.some(({ says }) => says.length > 20) && story.decisions.length > 0 && story.steps.some(({ server }) => server === view.name), JSON.stringify(story))
  assert.ok(story.atRisk !== null && story.times.writableAt !== null && story.times.writableAt >= recovery.startedAt, JSON.stringify(story))
  // Before: everybody below the primary that died. After: the successor takes writes, and leads the other one.
  assert.deepEqual([story.before?.roots.map(({ key: root, state }) => [root, state]), story.after?.roots[0]?.key, story.after?.roots[0]?.state], [[[former, 'unreachable']], view.name, 'writable'])
  assert.ok((story.after?.roots[0]?.replicas.length ?? 0) > 0, JSON.stringify(story.after))
  const markdown = await fetch(`${program.address}/api/v2/recoveries/${recovery.id}/story.md`)
  assert.equal(markdown.headers.get('content-type'), 'text/markdown; charset=utf-8')
  assert.match(await markdown.text(), /^# Recovery #\d+: DeadMaster, ci \(succeeded\)\n[\s\S]*## Topology after\n\n```\n/)
  assert.equal((await fetch(`${program.address}/api/v2/recoveries/999999/story`)).status, 404)
  const acknowledged = await api.former(`ack-recovery/uid/${encodeURIComponent(recovery.uid)}?comment=seen`)
  assert.equal(acknowledged.Message, 'Acknowledged recovery')
  const again = await api.get<RecoveryView>(`/api/v2/recoveries/${encodeURIComponent(recovery.uid)}`)
  assert.equal(again.acknowledged?.comment, 'seen')
})

test('told to end, the service ends well and at once', async () => {
  const startedAt = performance.now()
  assert.equal(await program.stop(), 0)
  assert.ok(performance.now() - startedAt < 5000)
})

interface StreamedEvent {
  readonly id: number
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads the stream of events; `event` waits for the next one of a kind. */
async function listen(address: string, lastEventId?: number) {
  const stop = new AbortController()
  const response = await fetch(`${address}/api/v2/events`, { signal: stop.signal, headers: lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) } })
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.ok(reader)
  let text = ''
  const event = async (kind: string): Promise<StreamedEvent> => {
    const late = setTimeout(() => stop.abort(), 5000)
    for (;;) {
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const field = (name: string): string => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
        if (field('event') !== kind) continue
        clearTimeout(late)
        return { id: Number(field('id')), data: JSON.parse(field('data')) }
      }
      const { value, done } = await reader.read()
      if (done) throw new Error('the stream ended')
      text += value
    }
  }
  return { event, close: () => stop.abort() }
}
