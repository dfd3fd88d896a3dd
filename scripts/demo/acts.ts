import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterView, RecoveryDryRunView } from '../../src/contract/views.ts'
import type { Foreseen } from '../../src/contract/what-if.ts'
import { Writer } from '../../test/harness/lab/writer.ts'
import { replicationWords } from '../../test/harness/sandbox/replication.ts'
import type { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'
import type { Service } from './service.ts'

const warmMillis = 1500
const doneMillisMax = 60_000
const lookMillis = 10

/** What is rehearsed on: the servers, the program that watches them, and where to tell it. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly service: Service
  say(line: string): void
  readonly signal: AbortSignal
}

const ms = (value: number): string => `${Math.round(value)} ms`

/** Whom the service would choose if the server died now, with its reasons; told before anything is killed. */
export async function foreseen({ service, say }: Stage, server: SandboxServer): Promise<RecoveryDryRunView | null> {
  const answer = await service.operation('what-if', { instance: server.key })
  if (answer.state !== 'done') throw new Error(`what-if was not answered: ${JSON.stringify(answer)}`)
  // The edge: this is what the operation answers when it is waited for.
  const [view] = (answer.output as Foreseen).servers
  if (view === undefined) return null
  for (const { key, verdict, reasons } of view.candidates) say(`  ${verdict.padEnd(8)} ${key}  ${reasons.map(({ text }) => text).join('; ')}`)
  for (const { key, reason } of view.lost) say(`  lost     ${key}  ${reason.text}`)
  for (const risk of view.risk ?? []) say(`  ${risk.text}`)
  if (view.refusal !== null) say(`  nothing would be recovered: ${view.refusal.text}`)
  return view
}

/** What was rehearsed holds back nothing of what comes next. */
const acknowledge = (service: Service): Promise<unknown> => service.operation('ack-all-recoveries', { comment: 'rehearsed' })

/** The port that a server replicates from while both its threads run; null: it does not. */
async function sourceOf(server: SandboxServer): Promise<number | null> {
  const words = replicationWords[server.flavour]
  const link = await server.row<Record<string, unknown>>(words.status).catch(() => null)
  if (link === null || link[words.receiverColumn] !== 'Yes' || link[words.applierColumn] !== 'Yes') return null
  return Number(link['Source_Port'] ?? link['Master_Port'])
}

/** True when it came true in time. */
async function until(stage: Stage, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + doneMillisMax; performance.now() < end && !stage.signal.aborted; await sleep(lookMillis)) if (await holds()) return true
  return false
}

async function failed({ service, say }: Stage, what: string): Promise<false> {
  say(`${what} within ${doneMillisMax / 1000} s. The log of Orchestrator ends with:`)
  console.log(service.logTail())
  return false
}

/** Kills a server that others replicate from and that is not the primary; its replicas are to follow somebody else, and writes to go on. It is started again at the end. */
export async function rehearseIntermediate(stage: Stage, name: string, replicas: readonly string[], primaryName: string): Promise<boolean> {
  const { sandbox, service, say, signal } = stage
  const [dead, primary] = [sandbox.server(name), sandbox.server(primaryName)]
  say(`what would be done if ${name}, a source between the primary and others, died now:`)
  const view = await foreseen(stage, dead)
  if (view === null || view.refusal !== null || view.successor === null) return true
  const lost = new Set(view.lost.map(({ key }) => key))
  const moving = replicas.map(each => sandbox.server(each)).filter(({ key }) => !lost.has(key))
  await using writer = await Writer.start(primary, () => sandbox.servers)
  await sleep(warmMillis, undefined, { signal }).catch(() => {})
  if (signal.aborted) return false
  // A server forgets at its end what it was told; a copy that came back writable would take the rows of the writer.
  const locked = await readOnlyOptions(dead)
  const killedAt = performance.now()
  await dead.kill()
  say(`kill -9 of ${name}`)
  const sources = new Map<string, number>()
  const isDone = await until(stage, async () => {
    for (const server of moving) {
      const port = await sourceOf(server)
      if (port !== null && port !== dead.port) sources.set(server.name, port)
      else sources.delete(server.name)
    }
    return sources.size === moving.length
  })
  if (!isDone) return signal.aborted ? false : failed(stage, `not all replicas of ${name} follow somebody else`)
  say(`its replicas following after   ${ms(performance.now() - killedAt)}   (${[...sources].map(([replica, port]) => `${replica} ← ${nameOf(sandbox, port)}`).join(', ')})`)
  await writer.stop()
  say(`longest gap between two rows   ${ms(writer.gap(0))}   (writes need not wait for it)`)
  const isAsForeseen = [...sources.values()].some(port => view.successor === keyOf(sandbox, port))
  if (!isAsForeseen) say(`foreseen was ${view.successor}`)
  await dead.start(locked)
  await acknowledge(service)
  if (!(await until(stage, async () => (await sourceOf(dead)) !== null))) return failed(stage, `${name} does not replicate after its start`)
  return isAsForeseen
}

async function readOnlyOptions(server: SandboxServer): Promise<readonly string[]> {
  const { locked } = await server.row<{ locked: number }>('SELECT @@global.read_only AS locked')
  if (Number(locked) === 0) return []
  if (server.flavour === 'mariadb') return ['--read-only=ON']
  const { all } = await server.row<{ all: number }>('SELECT @@global.super_read_only AS `all`')
  return [Number(all) === 1 ? '--super-read-only=ON' : '--read-only=ON']
}

/** Hands the role over to the best replica under a writer, and back. A takeover that is refused has changed nothing; the reason is told. */
export async function rehearseTakeover(stage: Stage, primaryName: string): Promise<boolean> {
  const { sandbox, service, say, signal } = stage
  const old = sandbox.server(primaryName)
  await using writer = await Writer.start(old, () => sandbox.servers)
  await sleep(warmMillis, undefined, { signal }).catch(() => {})
  for (const designated of ['', old.key]) {
    if (signal.aborted) return false
    const since = performance.now()
    const answer = await service.operation('graceful-takeover-auto', { cluster: old.key, ...(designated === '' ? {} : { designated }) })
    if (answer.state !== 'done') {
      say(`takeover ${designated === '' ? '' : 'back '}is refused: ${answer.state === 'refused' ? answer.refused.text : JSON.stringify(answer)}`)
      return designated === ''
    }
    // The edge: this is what the operation answers when it is waited for.
    const successor = (answer.output as { readonly successor: string | null }).successor ?? ''
    const [port, others] = [sandbox.servers.find(({ key }) => key === successor)?.port, sandbox.servers.filter(({ key }) => key !== successor)]
    const isDone = await until(stage, async () => {
      const sources = await Promise.all(others.map(sourceOf))
      return sources.every(source => source !== null) && sources.includes(port ?? 0) && (await isSeen(service, successor))
    })
    if (!isDone) return signal.aborted ? false : failed(stage, `after the takeover not everybody follows ${successor}`)
    await sleep(200)
    say(`takeover ${designated === '' ? '' : 'back '}to ${nameOf(sandbox, port ?? 0)}: longest gap between two rows ${ms(writer.gap(since))}, all following after ${ms(performance.now() - since)}`)
    await acknowledge(service)
  }
  await writer.stop()
  const missing = await writer.missingOn(old)
  say(`acknowledged rows              ${writer.acknowledged.length}`)
  say(`rows missing                   ${missing}`)
  return missing === 0
}

/**
 * Everybody stands where it stood at first and has every row, and the program has read all of them since: the next act begins from the same shape.
 * `shape`: each server with the one that it replicates from.
 */
export async function settle(stage: Stage, shape: readonly { readonly name: string; readonly below: string | null }[], primaryName: string): Promise<boolean> {
  const { sandbox, service, say } = stage
  for (const { name, below } of shape) {
    if (below === null || (await sourceOf(sandbox.server(name))) === sandbox.server(below).port) continue
    const answer = await service.operation('relocate', { instance: sandbox.server(name).key, destination: sandbox.server(below).key })
    if (answer.state !== 'done') say(`${name} could not be put below ${below} again: ${answer.state === 'refused' ? answer.refused.text : JSON.stringify(answer)}`)
  }
  const rowsOn = async (server: SandboxServer): Promise<number> => Number((await server.row<{ rows: number }>('SELECT COUNT(*) AS `rows` FROM drill.rows_written')).rows)
  const primary = sandbox.server(primaryName)
  // Without a table nobody has written yet.
  const wanted = await rowsOn(primary).catch(() => null)
  const areThere = wanted === null || (await until(stage, async () => (await Promise.all(sandbox.servers.map(server => rowsOn(server).catch(() => -1)))).every(rows => rows >= wanted)))
  const since = Date.now()
  const isRead = async (): Promise<boolean> => {
    const { members = [] } = (await service.get(`/api/v2/clusters/${encodeURIComponent(primary.key)}`)) as Partial<ClusterView>
    return members.length === shape.length && members.every(({ lastSeenAt }) => (lastSeenAt ?? 0) > since)
  }
  return areThere && (await until(stage, isRead)) ? true : stage.signal.aborted ? false : failed(stage, 'not everybody has caught up')
}

/** The program has read the new primary as one, so that the next act begins from what is. */
async function isSeen(service: Service, primary: string): Promise<boolean> {
  const clusters = (await service.get('/api/v2/clusters')) as { readonly clusters: readonly { readonly primary: { readonly key: string } | null; readonly servers: number }[] }
  return clusters.clusters.length === 1 && clusters.clusters[0]?.primary?.key === primary
}

const nameOf = (sandbox: Sandbox, port: number): string => sandbox.servers.find(server => server.port === port)?.name ?? String(port)
const keyOf = (sandbox: Sandbox, port: number): string => sandbox.servers.find(server => server.port === port)?.key ?? ''
