import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

/** One poll; `at` in ms since 1970. `failure` is null for a good one. */
export interface PollFigures {
  readonly at: number
  readonly instance: InstanceKey
  readonly serverSeconds: number
  /** What came beside asking the server. */
  readonly ownSeconds: number
  readonly totalSeconds: number
  readonly failure: string | null
}

export interface QueueFigures {
  readonly active: number
  readonly queued: number
}

/** Figures of many: how they spread. */
export interface Spread {
  readonly min: number
  readonly mean: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

export interface PollSpreads {
  readonly totalSeconds: Spread
  readonly ownSeconds: Spread
  readonly serverSeconds: Spread
}

/** Times in ms since 1970; null: no poll. */
export interface PollSummary {
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly servers: number
  readonly goodServers: number
  readonly failedServers: number
  readonly goodPolls: number
  readonly failedPolls: number
  readonly good: PollSpreads
  readonly failed: PollSpreads
}

export interface QueueSummary {
  readonly active: Spread
  readonly queued: Spread
}

/** One statement that changed the store; `at` in ms since 1970, `failure` null for a good one. */
export interface StoreWrite {
  readonly at: number
  readonly waitSeconds: number
  readonly executeSeconds: number
  readonly failure: string | null
}

export interface StoreWriteSummary {
  readonly count: number
  readonly executeSeconds: Spread
  readonly waitSeconds: Spread
}

/** One batch of read servers that was written to the store. */
export interface BufferFlush {
  readonly at: number
  readonly instances: number
  readonly waitSeconds: number
  readonly writeSeconds: number
}

export interface BufferFlushSummary {
  readonly bufferSize: number
  readonly flushIntervalMilliseconds: number
  /** Servers written in all. */
  readonly countInstances: number
  readonly instances: Spread
  readonly waitSeconds: Spread
  readonly writeSeconds: Spread
}

const seconds = { seconds: required.text('How far back to look.') }

export const discoveryMetricsRaw = operation<readonly PollFigures[]>()({
  name: 'discovery-metrics-raw',
  says: 'How long each recent poll took.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: seconds,
  former: { routes: ['discovery-metrics-raw/:seconds'], commands: [], answers: 'bare' },
})

export const discoveryMetricsAggregated = operation<PollSummary>()({
  name: 'discovery-metrics-aggregated',
  says: 'How long recent polls took, summed up.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: seconds,
  former: { routes: ['discovery-metrics-aggregated/:seconds'], commands: [], answers: 'bare' },
})

const queue = { ...seconds, queue: optional.text('DEFAULT, or DEADINSTANCES where dead servers have a queue of their own.') }

export const discoveryQueueMetricsRaw = operation<readonly QueueFigures[]>()({
  name: 'discovery-queue-metrics-raw',
  says: 'How full the queue of polls was, second by second.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: queue,
  former: { routes: ['discovery-queue-metrics-raw/:seconds', 'discovery-queue-metrics-raw/:queue/:seconds'], commands: [], answers: 'bare' },
})

export const discoveryQueueMetricsAggregated = operation<QueueSummary>()({
  name: 'discovery-queue-metrics-aggregated',
  says: 'How full the queue of polls was, summed up.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: queue,
  former: { routes: ['discovery-queue-metrics-aggregated/:seconds', 'discovery-queue-metrics-aggregated/:queue/:seconds'], commands: [], answers: 'bare' },
})

export const backendQueryMetricsRaw = operation<readonly StoreWrite[]>()({
  name: 'backend-query-metrics-raw',
  says: 'How long each recent write to the store took.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: seconds,
  former: { routes: ['backend-query-metrics-raw/:seconds'], commands: [], answers: 'bare' },
})

export const backendQueryMetricsAggregated = operation<StoreWriteSummary>()({
  name: 'backend-query-metrics-aggregated',
  says: 'How long recent writes to the store took, summed up.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: seconds,
  former: { routes: ['backend-query-metrics-aggregated/:seconds'], commands: [], answers: 'bare' },
})

export const writeBufferMetricsRaw = operation<readonly BufferFlush[]>()({
  name: 'write-buffer-metrics-raw',
  says: 'How long each recent batch of read servers waited and took to be written.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: seconds,
  former: { routes: ['write-buffer-metrics-raw/:seconds'], commands: [], answers: 'bare' },
})

export const writeBufferMetricsAggregated = operation<BufferFlushSummary>()({
  name: 'write-buffer-metrics-aggregated',
  says: 'How recent batches of read servers were written, summed up.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: seconds,
  former: { routes: ['write-buffer-metrics-aggregated/:seconds'], commands: [], answers: 'bare' },
})
