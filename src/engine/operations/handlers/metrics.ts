import type { Contract } from '../../../contract/all.ts'
import type { BufferFlush, PollFigures, PollSpreads, Spread, StoreWrite } from '../../../contract/metrics.ts'
import { ok } from '../../../kit/result.ts'
import { largest, mean, median, percentile, smallest } from '../../../kit/statistics.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'

const spread = (values: readonly number[]): Spread => ({ min: smallest(values), mean: mean(values), median: median(values), p95: percentile(values, 95), max: largest(values) })

function polls(seconds: number, parts: OperationParts): readonly PollFigures[] {
  return parts.facts.pollsSince(parts.clock.now() - seconds * 1000).map(({ at, key, serverMilliseconds, totalMilliseconds, failure }) => ({
    at, instance: key, serverSeconds: serverMilliseconds / 1000, ownSeconds: Math.max(0, totalMilliseconds - serverMilliseconds) / 1000,
    totalSeconds: totalMilliseconds / 1000, failure,
  }))
}

/** Whole and above 0; null otherwise. */
const wholeSeconds = (text: string): number | null => (/^\+?\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null)

const raw: Handler<Contract['discovery-metrics-raw']> = ({ seconds }, parts) => {
  const wanted = wholeSeconds(seconds)
  return wanted === null ? refuse(operationReason('seconds-invalid', {})) : ok(polls(wanted, parts))
}

/** The original does not check the number here: what is none counts as 0. */
const aggregated: Handler<Contract['discovery-metrics-aggregated']> = ({ seconds }, parts) => {
  const all = polls(wholeSeconds(seconds) ?? 0, parts)
  const [good, failed] = [all.filter(({ failure }) => failure === null), all.filter(({ failure }) => failure !== null)]
  const servers = (of: readonly PollFigures[]): number => new Set(of.map(({ instance }) => instance)).size
  return ok({
    firstAt: all[0]?.at ?? null, lastAt: all.at(-1)?.at ?? null, servers: servers(all), goodServers: servers(good), failedServers: servers(failed),
    goodPolls: good.length, failedPolls: failed.length, good: spreads(good), failed: spreads(failed),
  })
}

const spreads = (of: readonly PollFigures[]): PollSpreads => ({
  totalSeconds: spread(of.map(({ totalSeconds }) => totalSeconds)), ownSeconds: spread(of.map(({ ownSeconds }) => ownSeconds)),
  serverSeconds: spread(of.map(({ serverSeconds }) => serverSeconds)),
})

function samples(seconds: string, queue: string, kind: 'raw' | 'aggregated', parts: OperationParts): Outcome<readonly { readonly active: number; readonly queued: number }[]> {
  const wanted = wholeSeconds(seconds)
  if (wanted === null) return refuse(operationReason('queue-seconds-invalid', { kind }))
  const found = parts.facts.queueSamples(queue, wanted)
  return found === undefined ? refuse(operationReason('queue-unknown', {})) : ok(found.map(({ active, queued }) => ({ active, queued })))
}

const queueRaw: Handler<Contract['discovery-queue-metrics-raw']> = ({ seconds, queue = 'DEFAULT' }, parts) => samples(seconds, queue, 'raw', parts)

const queueAggregated: Handler<Contract['discovery-queue-metrics-aggregated']> = ({ seconds, queue = 'DEFAULT' }, parts) => {
  const found = samples(seconds, queue, 'aggregated', parts)
  return found.ok ? ok({ active: spread(found.value.map(({ active }) => active)), queued: spread(found.value.map(({ queued }) => queued)) }) : found
}

/** Null: not whole, or not above 0. */
const since = (seconds: string, { clock }: OperationParts): number | null => {
  const wanted = wholeSeconds(seconds)
  return wanted === null ? null : clock.now() - wanted * 1000
}

const storeWrites = (from: number, { store }: OperationParts): readonly StoreWrite[] =>
  store.writesSince(from).map(({ at, waitMilliseconds, executeMilliseconds, failure }) => ({ at, waitSeconds: waitMilliseconds / 1000, executeSeconds: executeMilliseconds / 1000, failure }))

const writesRaw: Handler<Contract['backend-query-metrics-raw']> = ({ seconds }, parts) => {
  const from = since(seconds, parts)
  return from === null ? refuse(operationReason('write-seconds-invalid', { what: 'raw backend query' })) : ok(storeWrites(from, parts))
}

const writesAggregated: Handler<Contract['backend-query-metrics-aggregated']> = ({ seconds }, parts) => {
  const from = since(seconds, parts)
  if (from === null) return refuse(operationReason('write-seconds-invalid', { what: 'aggregated backend query' }))
  const writes = storeWrites(from, parts)
  return ok({ count: writes.length, executeSeconds: spread(writes.map(({ executeSeconds }) => executeSeconds)), waitSeconds: spread(writes.map(({ waitSeconds }) => waitSeconds)) })
}

const flushes = (from: number, { facts }: OperationParts): readonly BufferFlush[] =>
  facts.flushesSince(from).map(({ at, instances, waitMilliseconds, writeMilliseconds }) => ({ at, instances, waitSeconds: waitMilliseconds / 1000, writeSeconds: writeMilliseconds / 1000 }))

const flushesRaw: Handler<Contract['write-buffer-metrics-raw']> = ({ seconds }, parts) => {
  const from = since(seconds, parts)
  return from === null ? refuse(operationReason('write-seconds-invalid', { what: 'raw instance write buffer' })) : ok(flushes(from, parts))
}

const flushesAggregated: Handler<Contract['write-buffer-metrics-aggregated']> = ({ seconds }, parts) => {
  const from = since(seconds, parts)
  if (from === null) return refuse(operationReason('write-seconds-invalid', { what: 'aggregated instance write buffer' }))
  const all = flushes(from, parts)
  return ok({
    bufferSize: parts.facts.buffer.size, flushIntervalMilliseconds: parts.facts.buffer.flushMilliseconds,
    countInstances: all.reduce((sum, { instances }) => sum + instances, 0), instances: spread(all.map(({ instances }) => instances)),
    waitSeconds: spread(all.map(({ waitSeconds }) => waitSeconds)), writeSeconds: spread(all.map(({ writeSeconds }) => writeSeconds)),
  })
}

export const metricHandlers = {
  'discovery-metrics-raw': raw, 'discovery-metrics-aggregated': aggregated, 'discovery-queue-metrics-raw': queueRaw, 'discovery-queue-metrics-aggregated': queueAggregated,
  'backend-query-metrics-raw': writesRaw, 'backend-query-metrics-aggregated': writesAggregated, 'write-buffer-metrics-raw': flushesRaw, 'write-buffer-metrics-aggregated': flushesAggregated,
}
