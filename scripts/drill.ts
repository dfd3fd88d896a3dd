/**
 * Rehearses the death of a cluster's primary on a copy of the cluster: real servers on this machine in the same shape, with the same roles, rules, sites and
 * recovery settings; a writer; a kill. Nothing of the cluster itself is touched: it is only asked, by the API, how it looks. Hooks are not run.
 *
 * `bin/orchestrator drill --cluster X [--api http://127.0.0.1:3000] [--config FILE] [--servers-max 8]`
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Foreseen } from '../src/contract/what-if.ts'
import type { ClusterView, OperationAnswer } from '../src/contract/views.ts'
import { carryOutDrill } from './demo/drill.ts'
import { startService, type Service } from './demo/service.ts'
import { copyOf, rehearsed, settingsOf } from './drill/copy-of.ts'
import { startCopy } from './drill/start-copy.ts'

const usage = 'usage: orchestrator drill --cluster NAME|ALIAS [--api http://127.0.0.1:3000] [--config FILE] [--servers-max 8]'
const answerMillisMax = 10_000
/** Each takes some 150 MiB here. */
const serversMaxMax = 16

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
const began = performance.now()
const say = (line: string): void => console.log(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${line}`)

class Mistake extends Error {}

function readWish(): { readonly cluster: string; readonly api: string; readonly config: string | null; readonly serversMax: number } {
  const { values } = (() => {
    try {
      return parseArgs({ options: { 'cluster': { type: 'string' }, 'api': { type: 'string' }, 'config': { type: 'string' }, 'servers-max': { type: 'string' } } })
    } catch (error) {
      throw new Mistake(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    }
  })()
  if (values.cluster === undefined || values.cluster === '') throw new Mistake(usage)
  const serversMax = Number(values['servers-max'] ?? 8)
  if (!Number.isInteger(serversMax) || serversMax < 2 || serversMax > serversMaxMax) throw new Mistake(`--servers-max ${values['servers-max'] ?? ''}: a whole number from 2 to ${serversMaxMax}`)
  return { cluster: values.cluster, api: (values.api ?? 'http://127.0.0.1:3000').replace(/\/+$/, ''), config: values.config ?? null, serversMax }
}

async function readCluster(api: string, cluster: string): Promise<ClusterView> {
  const address = `${api}/api/v2/clusters/${encodeURIComponent(cluster)}`
  const response = await fetch(address, { signal: AbortSignal.timeout(answerMillisMax) }).catch((error: unknown) => {
    throw new Mistake(`${address} does not answer: ${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}`)
  })
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw new Mistake(`${address}: ${response.status} ${String((answer as { text?: unknown } | null)?.text ?? '')}`)
  // The edge: the contract's types say what the service answers.
  return answer as ClusterView
}

function readConfiguration(file: string | null): Readonly<Record<string, unknown>> {
  if (file === null) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    throw new Mistake(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Whom the copied service would choose, before anything is killed. */
async function foreseen(service: Service, primary: string): Promise<string> {
  const response = await fetch(`${service.address}/api/v2/operations/what-if`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: { instance: primary }, wait: true }), signal: AbortSignal.timeout(answerMillisMax),
  })
  const answer = (await response.json()) as OperationAnswer
  if (answer.state !== 'done') throw new Error(`what-if was not answered: ${JSON.stringify(answer)}`)
  const [view] = (answer.output as Foreseen).servers
  if (view === undefined) return ''
  for (const { key, verdict, reasons } of view.candidates) say(`  ${verdict.padEnd(8)} ${key}  ${reasons.map(({ text }) => text).join('; ')}`)
  for (const risk of view.risk ?? []) say(`  ${risk.text}`)
  if (view.refusal !== null) say(`  nothing would be recovered: ${view.refusal.text}`)
  return view.successor ?? ''
}

async function rehearse(): Promise<number> {
  const wish = readWish()
  const cluster = await readCluster(wish.api, wish.cluster)
  const copy = copyOf(cluster, wish.serversMax)
  if ('refused' in copy) throw new Mistake(copy.refused)
  const settings = rehearsed(readConfiguration(wish.config))
  say(`rehearsing the death of the primary of ${cluster.alias || cluster.name} on a copy of ${copy.servers.length} servers; the cluster itself is not touched`)
  for (const difference of copy.differs) say(`  differs in ${difference}`)
  if (wish.config === null) say('  differs in settings: without --config the recovery settings are the built-in ones')
  await using sandbox = await startCopy(copy, say)
  if (stopping.signal.aborted) return 130
  await using service = await startService(sandbox, say, { ...settings, ...settingsOf(cluster, copy.servers) })
  const primary = sandbox.servers[0]
  if (primary === undefined) throw new Error('a copy without servers')
  say('what would be done if the primary died now:')
  const expected = await foreseen(service, primary.key)
  const outcome = await carryOutDrill(sandbox, service, say, stopping.signal, primary.name)
  if (stopping.signal.aborted) return 130
  if (outcome === null) return 1
  const standsFor = (key: string): string => copy.servers.find(({ name }) => sandbox.server(name).key === key)?.of.key ?? key
  const isAsForeseen = outcome.successor.key === expected
  say(`promoted: ${standsFor(outcome.successor.key)}${isAsForeseen ? ', as foreseen' : `; foreseen was ${expected === '' ? 'nobody' : standsFor(expected)}`}`)
  return isAsForeseen ? 0 : 1
}

try {
  process.exitCode = await rehearse()
} catch (error) {
  if (!(error instanceof Mistake)) throw error
  console.error(`orchestrator drill: ${error.message}`)
  process.exitCode = 2
}
