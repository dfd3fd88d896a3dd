import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { LiveEvent, MeView, OperationView, PlanView, RecoveryStepView, RecoveryView, ServerView, TargetView } from '../../src/contract/views.ts'
import { makeClusters, reason, rowOf, summaryOf, viewOf, type MadeUp } from './made-up.ts'

const port = Number(process.argv[2] ?? 26_000)
const prefix = process.argv[3] ?? ''
const dist = join(import.meta.dirname, '../../dist/web')
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' }
const policy = "default-src 'self'; img-src 'self' data:; base-uri 'self'; frame-ancestors 'none'; object-src 'none'"

let clusters = makeClusters(Number(process.env['BIG'] ?? 0))
let snapshot = 1
let eventId = 0
let mayWrite = true
let muted = false
const operations: OperationView[] = []
const streams = new Set<ServerResponse>()

const me = (): MeView => ({
  user: 'alice',
  mayWrite,
  reason: mayWrite ? null : reason('reader', 'Needs an administrator'),
  node: 'orc1',
  leader: 'orc1',
  version: '4.0.0-dev',
  webMessage: '',
  recoveries: { enabled: true, since: null, by: '' },
  recoveryFilters: { primary: ['^shop$', '^carts$'], intermediate: ['^shop$'] },
  pollSeconds: 1,
  reasonableLagSeconds: 10,
  urlPrefix: prefix,
})

function send(event: LiveEvent): void {
  const text = `id: ${++eventId}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`
  if (!muted) for (const stream of streams) stream.write(text)
}

function tellCluster(made: MadeUp, changed: readonly ServerView[]): void {
  snapshot++
  send({ event: 'cluster', data: { snapshot, name: made.name, row: rowOf(made), changed, removed: [] } })
  send({ event: 'clusters', data: { snapshot, changed: [rowOf(made)], removed: [] } })
}

const change = (made: MadeUp, key: string, to: (server: ServerView) => ServerView): ServerView | undefined => {
  made.members = made.members.map(member => (member.key === key ? to(member) : member))
  return made.members.find(member => member.key === key)
}
const clusterOf = (key: string): MadeUp | undefined =>
  clusters.find(
    each =>
      each.name === key || each.alias === key || each.members.some(member => member.key === key) || each.recoveries.some(recovery => recovery.failed === key),
  )
const isBelow = (made: MadeUp, key: string, above: string): boolean => {
  let at = made.members.find(member => member.key === key)
  while (at !== undefined && at.source !== null) {
    if (at.source === above) return true
    const { source } = at
    at = made.members.find(member => member.key === source)
  }
  return false
}

function targetsFor(key: string): readonly TargetView[] {
  const made = clusterOf(key)
  const moved = made?.members.find(member => member.key === key)
  if (made === undefined || moved === undefined) return []
  return made.members
    .filter(member => member.key !== key)
    .flatMap((member): TargetView[] => {
      const refuse = (code: string, text: string): TargetView => ({
        target: member.key,
        verdict: 'refused',
        act: 'relocate',
        says: reason(code, text),
        warnings: [],
        steps: 0,
        method: 'none',
      })
      const takeOver: TargetView[] =
        member.role === 'primary' && moved.source === member.key
          ? [{ target: member.key, verdict: 'possible', act: 'take-over', says: reason('take-over', 'Take its place'), warnings: [], steps: 6, method: 'gtid' }]
          : []
      if (moved.source === null) return [refuse('not-a-replica', `${key} is not a replica`)]
      if (member.key === moved.source) return [refuse('already-source', `${member.key} is already its source`), ...takeOver]
      if (isBelow(made, member.key, key)) return [refuse('below-itself', `${member.key} is below ${key} itself`)]
      if (member.statuses[0]?.code === 'unreachable') return [refuse('unreachable', `${member.key} does not answer`)]
      const crosses = member.dataCenter !== moved.dataCenter
      return [
        {
          target: member.key,
          verdict: crosses ? 'possible-with-warning' : 'possible',
          act: 'relocate',
          says: reason('possible', 'possible'),
          steps: 3,
          method: 'gtid',
          warnings: crosses ? [reason('crosses-sites', `replicates across sites (${member.dataCenter} → ${moved.dataCenter})`)] : [],
        },
      ]
    })
}

function planFor(name: string, input: Readonly<Record<string, string>>): PlanView {
  const key = input['instance'] ?? ''
  const made = clusterOf(key)
  const step = (number: number, says: string, statement: string): PlanView['steps'][number] => ({
    number,
    wave: number,
    server: key,
    action: says,
    says: reason(says, says),
    statements: [statement],
    ifStoppedHere: reason('stopped', `${key} stays where it is, with replication stopped; nothing else has moved`),
  })
  const [host, at] = (input['destination'] ?? '').split(':')
  const steps =
    name === 'relocate'
      ? [
          step(1, 'stop fetching from the source', 'STOP REPLICA IO_THREAD'),
          step(
            2,
            `set the source to ${input['destination'] ?? ''}, auto-position`,
            `CHANGE REPLICATION SOURCE TO SOURCE_HOST='${host ?? ''}', SOURCE_PORT=${at ?? ''}, SOURCE_AUTO_POSITION=1`,
          ),
          step(3, 'start fetching again', 'START REPLICA IO_THREAD'),
        ]
      : [step(1, name, `${name.toUpperCase()};`)]
  const before = Object.fromEntries((made?.members ?? []).slice(0, 8).map(member => [member.key, member.source]))
  return {
    operation: name,
    kind: name,
    says: reason(name, name === 'relocate' ? `Make ${key} a replica of ${input['destination'] ?? ''}` : `${name} on ${key}`),
    method: 'gtid',
    fingerprint: 'f3a9',
    dangerLevel: 1,
    checks:
      name === 'relocate'
        ? [reason('logs', `${input['destination'] ?? ''} logs applied changes`), reason('has', `${input['destination'] ?? ''} has everything ${key} needs`)]
        : [],
    warnings: [],
    steps,
    before,
    after: name === 'relocate' ? { ...before, [key]: input['destination'] ?? null } : before,
    command: `orchestrator -c ${name} -i ${key}${name === 'relocate' ? ` -d ${input['destination'] ?? ''}` : ''}`,
  }
}

function start(name: string, input: Readonly<Record<string, string>>): number {
  const plan = planFor(name, input)
  const number = operations.length + 1
  let operation: OperationView = {
    number,
    name,
    says: plan.says,
    by: 'alice',
    startedAt: Date.now(),
    endedAt: null,
    state: 'running',
    failure: null,
    servers: [input['instance'] ?? ''],
    steps: plan.steps.map(step => ({ number: step.number, server: step.server, action: step.action, state: 'waiting', milliseconds: null, failure: null })),
  }
  const tell = (next: OperationView): void => {
    operation = next
    operations[number - 1] = next
    send({ event: 'operation', data: next })
  }
  tell(operation)
  plan.steps.forEach((step, index) => {
    setTimeout(
      () => tell({ ...operation, steps: operation.steps.map(each => (each.number === step.number ? { ...each, state: 'running' } : each)) }),
      200 + index * 350,
    )
    setTimeout(
      () =>
        tell({
          ...operation,
          steps: operation.steps.map(each => (each.number === step.number ? { ...each, state: 'done', milliseconds: 12 + index * 31 } : each)),
        }),
      500 + index * 350,
    )
  })
  setTimeout(
    () => {
      tell({ ...operation, state: 'done', endedAt: Date.now() })
      const key = input['instance'] ?? ''
      const made = clusterOf(key)
      if (made === undefined) return
      const moved = change(made, key, server => {
        if (name === 'relocate') return { ...server, source: input['destination'] ?? null }
        const runs = name !== 'stop-replica'
        if (server.replication === null || !name.endsWith('-replica')) return { ...server, readOnly: name === 'set-read-only' }
        return {
          ...server,
          replication: { ...server.replication, receiver: runs ? 'running' : 'stopped', applier: runs ? 'running' : 'stopped' },
          statuses: [
            {
              code: runs ? 'replicating' : 'stopped',
              severity: runs ? 'ok' : 'critical',
              reason: reason('x', runs ? 'replicating' : 'replication is stopped'),
              since: Date.now(),
            },
          ],
        }
      })
      if (moved !== undefined) setTimeout(() => tellCluster(made, [moved]), 400)
    },
    600 + plan.steps.length * 350,
  )
  return number
}

function kill(alias: string): void {
  const made = clusters.find(each => each.alias === alias)
  const primary = made?.members.find(member => member.role === 'primary')
  if (made === undefined || primary === undefined) return
  const dead = change(made, primary.key, server => ({
    ...server,
    statuses: [{ code: 'unreachable', severity: 'critical', reason: reason('connection-refused', `connect ECONNREFUSED ${server.key}`), since: Date.now() }],
  }))
  made.findings = [
    {
      server: primary.key,
      clusterName: made.name,
      clusterAlias: made.alias,
      code: 'DeadMaster',
      description: 'Master cannot be reached by orchestrator and none of its replicas is replicating',
      severity: 'critical',
      since: Date.now(),
      isDowntimed: false,
      evidence: [
        { witness: 'orchestrator', at: Date.now(), says: reason('no-answer', 'connection refused') },
        ...made.members
          .filter(member => member.source === primary.key)
          .map(member => ({ witness: member.key, at: Date.now(), says: reason('link-down', 'its link to the primary is down') })),
      ],
      outlook: { state: 'due', reason: reason('due', 'recovery starts when confirmed'), at: Date.now() + 1_000 },
    },
  ]
  if (dead !== undefined) tellCluster(made, [dead])
  send({ event: 'findings', data: { findings: clusters.flatMap(each => each.findings) } })
  const successor =
    made.members.find(member => member.source === primary.key && member.promotionRule === 'prefer') ??
    made.members.find(member => member.source === primary.key)
  if (successor === undefined) return
  const startedAt = Date.now() + 1_000
  let recovery: RecoveryView = {
    uid: `orc1:${startedAt}`,
    id: 17 + clusters.flatMap(each => each.recoveries).length,
    code: 'DeadMaster',
    command: '',
    clusterName: made.name,
    clusterAlias: made.alias,
    failed: primary.key,
    successor: null,
    startedAt,
    endedAt: null,
    isActive: true,
    isSuccessful: false,
    startedBy: 'orc1',
    acknowledged: null,
    doing: 'registering the failure',
    lostReplicas: [],
    participants: made.members.map(member => member.key),
    errors: [],
    steps: [],
  }
  const stories: readonly (readonly [number, string, string, RecoveryStepView['outcome'], string | null, number])[] = [
    [0, 'register', 'registered DeadMaster and took the lock of the cluster', 'done', null, 4],
    [300, 'hooks before', 'pre-failover.sh ended with 0', 'done', null, 260],
    [900, 'stop and compare', 'stopped and read 2 replicas', 'done', null, 520],
    [1_000, 'stop and compare', `${successor.key} is the most advanced`, 'note', successor.key, 0],
    [2_600, 'regroup', `1 replica follows ${successor.key}`, 'done', null, 1_500],
    [3_300, 'promote', 'reset replica, writable', 'done', successor.key, 600],
    [3_600, 'fence', `${primary.key} does not answer (expected)`, 'failed', primary.key, 240],
    [4_700, 'hooks after', 'post-failover.sh ended with 0', 'done', null, 1_050],
  ]
  made.recoveries = [recovery, ...made.recoveries]
  const tell = (next: RecoveryView, step: RecoveryStepView | null): void => {
    recovery = next
    made.recoveries = made.recoveries.map(each => (each.uid === next.uid ? next : each))
    send({ event: 'recovery', data: { ...summaryOf(next), step } })
  }
  stories.forEach(([after, stage, message, outcome, about, durationMilliseconds], index) =>
    setTimeout(
      () => {
        const step: RecoveryStepView = { id: index + 1, at: Date.now(), stage, server: about, message, outcome, durationMilliseconds }
        tell({ ...recovery, doing: message, steps: [...recovery.steps, step] }, step)
      },
      1_000 + after * 1.5,
    ),
  )
  setTimeout(() => {
    made.findings = []
    const formerName = made.name
    made.name = successor.key
    made.members = made.members.map(member => ({
      ...member,
      clusterName: made.name,
      ...(member.key === successor.key
        ? {
            source: null,
            role: 'primary' as const,
            readOnly: false,
            replication: null,
            statuses: [{ code: 'writable' as const, severity: 'ok' as const, reason: reason('writable', 'writable'), since: Date.now() }],
          }
        : {}),
      ...(member.source === primary.key && member.key !== successor.key ? { source: successor.key } : {}),
      ...(member.key === primary.key ? { role: 'unknown' as const } : {}),
    }))
    tell({ ...recovery, endedAt: Date.now(), isActive: false, isSuccessful: true, successor: successor.key, doing: 'done' }, null)
    snapshot++
    send({ event: 'cluster', data: { snapshot, name: made.name, row: rowOf(made), changed: made.members, removed: [] } })
    send({ event: 'clusters', data: { snapshot, changed: [rowOf(made)], removed: [formerName] } })
    send({ event: 'findings', data: { findings: clusters.flatMap(each => each.findings) } })
  }, 8_600)
}

function answerApi(path: string, body: Record<string, unknown>): readonly [number, unknown] {
  const [head = '', ...rest] = path.split('?')[0]?.split('/').map(decodeURIComponent) ?? []
  const hint = rest.join('/')
  switch (head) {
    case 'me':
      return [200, me()]
    case 'clusters': {
      if (hint === '') return [200, { snapshot, clusters: clusters.map(rowOf) }]
      const made = clusterOf(hint)
      return made === undefined ? [404, reason('unknown-cluster', `no cluster ${hint}`)] : [200, viewOf(made, snapshot, hint)]
    }
    case 'findings':
      return [200, { findings: clusters.flatMap(each => each.findings) }]
    case 'recoveries': {
      const all = clusters.flatMap(each => each.recoveries)
      if (hint === '') return [200, { recoveries: all.map(summaryOf) }]
      const found = all.find(each => each.uid === hint || String(each.id) === hint)
      return found === undefined ? [404, reason('unknown-recovery', `no recovery ${hint}`)] : [200, found]
    }
    case 'operations': {
      if (hint === '') return [200, { operations }]
      // The edge: the page sends this shape.
      const input = (body['input'] ?? {}) as Readonly<Record<string, string>>
      return operate(hint, input, body['dryRun'] === true)
    }
    case 'targets':
      return [200, { targets: targetsFor((body['servers'] as readonly string[])[0] ?? '') }]
    case 'recovery-dry-run': {
      const key = String(body['server'])
      const made = clusterOf(key)
      const candidates = (made?.members ?? [])
        .filter(member => member.source === key)
        .map((member, index) => ({
          key: member.key,
          rank: index,
          verdict: index === 0 ? 'best' : 'possible',
          reasons: [reason('why', index === 0 ? 'most advanced, preferred' : 'as advanced, other site')],
        }))
      return [
        200,
        {
          server: key,
          clusterName: made?.name ?? '',
          code: 'DeadMaster',
          isConfirmedDead: made?.findings.some(finding => finding.code === 'DeadMaster') ?? false,
          candidates,
          stages: [
            { name: 'hooks', says: reason('s1', 'run the hooks before the failover (1)'), steps: [] },
            { name: 'regroup', says: reason('s2', 'move 1 replica below the successor'), steps: [] },
            { name: 'promote', says: reason('s3', 'promote: forget its source, make it writable'), steps: [] },
          ],
          lost: [],
          hooks: [{ list: 'PreFailoverProcesses', commands: [`pre-failover.sh ${key}`] }],
          refusal: null,
          warnings: [],
        },
      ]
    }
    case 'status':
      return [
        200,
        {
          node: 'orc1',
          version: '4.0.0-dev',
          startedAt: Date.now() - 3_600_000,
          isLeader: true,
          leader: 'orc1',
          backend: { kind: 'sqlite', state: 'ok', says: reason('ok', 'ok'), pendingWrites: 0, failingSince: null, lostWrites: 0, bytes: 4_900_000 },
          servers: 16,
          clusters: clusters.length,
          deadServers: 1,
          pollsPerSecond: 16,
          pollMillisecondsMedian: 2.3,
          memoryBytes: 98_000_000,
          configuration: { files: ['orchestrator.conf.json'], warnings: ['Unknown key "Foo"'] },
          leaderSince: Date.now() - 3_500_000,
          reading: { active: 2, waiting: 0 },
          now: {
            at: Date.now(), waiting: 0, readingsPerSecond: 16, failedReadings: 1, readingMillisecondsMedian: 2.3, readingMillisecondsP95: 9.1, writesPerSecond: 4, writeMillisecondsP95: 1.2,
            memoryBytes: 98_000_000,
          },
        },
      ]
    default:
      return [404, reason('no-such-address', `no address ${path}`)]
  }
}

function operate(name: string, input: Readonly<Record<string, string>>, dryRun: boolean): readonly [number, unknown] {
  if (name === 'discover') {
    const key = input['instance'] ?? ''
    if (key.endsWith(':1'))
      return [409, { state: 'refused', refused: reason('connection-refused', `Cannot connect to ${key}: connection refused`, { kind: 'refused' }) }]
    if (clusters.length === 0) clusters = makeClusters(0).slice(0, 1)
    return [200, { state: 'done', output: { key: 'db140:3306' } }]
  }
  if (name === 'begin-downtime' || name === 'end-downtime' || name === 'refresh' || name === 'ack-recovery' || name === 'forget') {
    const made = clusterOf(input['instance'] ?? '')
    if (made !== undefined && name.endsWith('downtime')) {
      const changed = change(made, input['instance'] ?? '', server => ({
        ...server,
        downtime:
          name === 'end-downtime'
            ? null
            : { owner: input['owner'] ?? 'alice', reason: input['reason'] ?? '', endsAt: Date.now() + Number(input['duration'] ?? 600) * 1000 },
      }))
      if (changed !== undefined) tellCluster(made, [changed])
    }
    if (name === 'ack-recovery')
      for (const each of clusters)
        each.recoveries = each.recoveries.map(recovery =>
          recovery.uid === input['uid'] ? { ...recovery, acknowledged: { at: Date.now(), by: 'alice', comment: input['comment'] ?? '' } } : recovery,
        )
    return [200, { state: 'done', output: null }]
  }
  const target = targetsFor(input['instance'] ?? '').find(each => each.target === input['destination'] && each.act === 'relocate')
  if (name === 'relocate' && target?.verdict === 'refused') return [409, { state: 'refused', refused: target.says }]
  return dryRun ? [200, { state: 'plan', plan: planFor(name, input) }] : [200, { state: 'started', operation: start(name, input) }]
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const piece of request) text += String(piece)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

const server = createServer((request, response) => void handle(request, response))

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://mock')
  const path = address.pathname.startsWith(prefix) ? address.pathname.slice(prefix.length) : '/outside'
  response.setHeader('content-security-policy', policy)
  if (path.startsWith('/dev/')) {
    if (path === '/dev/kill') kill(address.searchParams.get('cluster') ?? 'shop')
    if (path === '/dev/mute') muted = !muted
    if (path === '/dev/reader') mayWrite = !mayWrite
    if (path === '/dev/empty') clusters = []
    response.end('ok\n')
    return
  }
  if (path === '/api/v2/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    streams.add(response)
    response.on('close', () => streams.delete(response))
    response.write(`id: ${++eventId}\nevent: hello\ndata: ${JSON.stringify({ ...me(), snapshot, gap: false })}\n\n`)
    return
  }
  if (path.startsWith('/api/v2/')) {
    const [status, body] = answerApi(path.slice('/api/v2/'.length), await bodyOf(request))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    return
  }
  const name = path.replace(/^\/web\//, '')
  if (/\.\w+$/.test(name) && !name.startsWith('cluster/')) {
    response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(readFileSync(join(dist, name)))
    return
  }
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(readFileSync(join(dist, 'index.html'), 'utf8').replace('<base href="/web/"', `<base href="${prefix}/web/"`))
}

setInterval(() => send({ event: 'heartbeat', data: { at: Date.now() } }), 5_000)
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}${prefix}/web/clusters`))
