/**
 * Rehearses on a copy of a cluster what may happen to it: the death of a source between the primary and others, a planned takeover and the way back, the death
 * of the primary. The copy is of real servers on this machine in the same shape, with the same roles, rules, sites and recovery settings; under a writer.
 * Nothing of the cluster itself is touched: it is only asked, by the API, how it looks. Hooks are not run.
 *
 * `bin/orchestrator drill --cluster X [--api http://127.0.0.1:3000] [--config FILE] [--servers-max 8] [--acts intermediate,takeover,primary]`
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ClusterView } from '../src/contract/views.ts'
import { foreseen, rehearseIntermediate, rehearseTakeover, settle, type Stage } from './demo/acts.ts'
import { carryOutDrill } from './demo/drill.ts'
import { startService } from './demo/service.ts'
import { copyOf, rehearsed, settingsOf } from './drill/copy-of.ts'
import { startCopy } from './drill/start-copy.ts'

const usage = 'usage: orchestrator drill --cluster NAME|ALIAS [--api http://127.0.0.1:3000] [--config FILE] [--servers-max 8] [--acts intermediate,takeover,primary]'
/** In this order: each finds the shape that the cluster has. */
const acts = ['intermediate', 'takeover', 'primary'] as const
type Act = (typeof acts)[number]
const answerMillisMax = 10_000
/** Each takes some 150 MiB here. */
const serversMaxMax = 16

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
const began = performance.now()
const say = (line: string): void => console.log(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${line}`)

class Mistake extends Error {}

function readWish(): { readonly cluster: string; readonly api: string; readonly config: string | null; readonly serversMax: number; readonly acts: ReadonlySet<Act> } {
  const { values } = (() => {
    try {
      return parseArgs({ options: { 'cluster': { type: 'string' }, 'api': { type: 'string' }, 'config': { type: 'string' }, 'servers-max': { type: 'string' }, 'acts': { type: 'string' } } })
    } catch (error) {
      throw new Mistake(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    }
  })()
  if (values.cluster === undefined || values.cluster === '') throw new Mistake(usage)
  const serversMax = Number(values['servers-max'] ?? 8)
  if (!Number.isInteger(serversMax) || serversMax < 2 || serversMax > serversMaxMax) throw new Mistake(`--servers-max ${values['servers-max'] ?? ''}: a whole number from 2 to ${serversMaxMax}`)
  const asked = (values.acts ?? acts.join(',')).split(',').map(act => act.trim())
  const unknown = asked.find(act => !acts.some(known => known === act))
  if (unknown !== undefined) throw new Mistake(`--acts ${unknown}: one or more of ${acts.join(', ')}`)
  return { acts: new Set(acts.filter(act => asked.includes(act))), cluster: values.cluster, api: (values.api ?? 'http://127.0.0.1:3000').replace(/\/+$/, ''), config: values.config ?? null, serversMax }
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

async function rehearse(): Promise<number> {
  const wish = readWish()
  const cluster = await readCluster(wish.api, wish.cluster)
  const copy = copyOf(cluster, wish.serversMax)
  if ('refused' in copy) throw new Mistake(copy.refused)
  const settings = rehearsed(readConfiguration(wish.config))
  say(`rehearsing on a copy of ${cluster.alias || cluster.name}: ${copy.servers.length} servers; the cluster itself is not touched`)
  for (const difference of copy.differs) say(`  differs in ${difference}`)
  if (wish.config === null) say('  differs in settings: without --config the recovery settings are the built-in ones')
  await using sandbox = await startCopy(copy, say)
  if (stopping.signal.aborted) return 130
  await using service = await startService(sandbox, say, { ...settings, ...settingsOf(cluster, copy.servers) })
  const primary = sandbox.servers[0]
  if (primary === undefined) throw new Error('a copy without servers')
  const stage: Stage = { sandbox, service, say, signal: stopping.signal }
  const standsFor = (key: string): string => copy.servers.find(({ name }) => sandbox.server(name).key === key)?.of.key ?? key
  let isWell = true
  const between = copy.servers.find(server => server.below !== null && copy.servers.some(({ below }) => below === server.name))
  if (wish.acts.has('intermediate')) {
    if (between === undefined) say('nobody replicates from a replica here: the death of an intermediate source is not rehearsed')
    else {
      const replicas = copy.servers.filter(({ below }) => below === between.name).map(({ name }) => name)
      isWell = (await rehearseIntermediate(stage, between.name, replicas, primary.name)) && (await settle(stage, copy.servers, primary.name))
    }
    if (stopping.signal.aborted) return 130
  }
  if (wish.acts.has('takeover')) {
    isWell = (await rehearseTakeover(stage, primary.name)) && isWell
    isWell = (await settle(stage, copy.servers, primary.name)) && isWell
    if (stopping.signal.aborted) return 130
  }
  if (!wish.acts.has('primary')) return isWell ? 0 : 1
  say('what would be done if the primary died now:')
  const view = await foreseen(stage, primary)
  if (view === null || view.refusal !== null) {
    say('the primary is not killed: nobody would take its place')
    return 1
  }
  const outcome = await carryOutDrill(sandbox, service, say, stopping.signal, primary.name)
  if (stopping.signal.aborted) return 130
  if (outcome === null) return 1
  const expected = view.successor ?? ''
  const isAsForeseen = outcome.successor.key === expected
  say(`promoted: ${standsFor(outcome.successor.key)}${isAsForeseen ? ', as foreseen' : `; foreseen was ${expected === '' ? 'nobody' : standsFor(expected)}`}`)
  return isAsForeseen && isWell && outcome.isExcused ? 0 : 1
}

try {
  process.exitCode = await rehearse()
} catch (error) {
  if (!(error instanceof Mistake)) throw error
  console.error(`orchestrator drill: ${error.message}`)
  process.exitCode = 2
}
