/** A figure that only Prometheus is told, with the names of its labels. */
export interface MeasureFacts {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly says: string
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[]
}

const short = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
const long = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600]

/** What the original had no figure for; told at `/metrics` as `orchestrator_NAME`. Units as Prometheus wants them: seconds, bytes. */
export const measures = {
  'detections_total': { kind: 'counter', labels: ['code'], says: 'Failures detected and registered, by analysis code.' },
  'recoveries_started_total': { kind: 'counter', labels: ['code'], says: 'Recoveries and takeovers begun, by analysis code.' },
  'recoveries_total': { kind: 'counter', labels: ['code', 'outcome'], says: 'Recoveries and takeovers ended, by analysis code and outcome (success, fail).' },
  'recovery_seconds': { kind: 'histogram', labels: ['outcome'], buckets: long, says: 'How long recoveries took from their registration to their end.' },
  'recovery_stage_seconds': { kind: 'histogram', labels: ['stage', 'outcome'], buckets: long, says: 'How long the stages of recoveries took.' },
  'probe_seconds': { kind: 'histogram', labels: ['outcome'], buckets: short, says: 'How long servers took to answer a reading.' },
  'probe_failures_total': { kind: 'counter', labels: ['kind'], says: 'Readings that failed, by kind (refused, timeout, access-denied and so on).' },
  'audited_total': { kind: 'counter', labels: ['type'], says: 'What was done, by type of the audit entry.' },
  'findings': { kind: 'gauge', labels: ['code'], says: 'Servers by what is found of them now; servers without a failure are not told.' },
  'servers': { kind: 'gauge', labels: [], says: 'Known servers.' },
  'clusters': { kind: 'gauge', labels: [], says: 'Known clusters.' },
  'dead_servers': { kind: 'gauge', labels: [], says: 'Servers whose last poll failed.' },
  'recoveries_enabled': { kind: 'gauge', labels: [], says: '1: recoveries are on; 0: they were switched off for all clusters.' },
  'polls': { kind: 'gauge', labels: ['state'], says: 'Polls now: active, queued, and queued of dead servers (dead_queued).' },
  'store_write_seconds': { kind: 'histogram', labels: ['outcome'], buckets: short, says: 'How long statements took that change the store.' },
  'store_write_wait_seconds': { kind: 'histogram', labels: [], buckets: short, says: 'How long they waited for their turn before.' },
  'store_flush_seconds': { kind: 'histogram', labels: [], buckets: short, says: 'How long batches of records of servers took to be written.' },
  'store_failing': { kind: 'gauge', labels: [], says: '1: records of servers cannot be written to the store.' },
  'store_pending_records': { kind: 'gauge', labels: [], says: 'Records of servers that are newer in memory than in the store.' },
  'store_waiting_rows': { kind: 'gauge', labels: [], says: 'Rows of what has happened that wait for a store that fails.' },
  'store_lost_rows': { kind: 'gauge', labels: [], says: 'Such rows that were given up since the start: beyond the bound, or not taken by a store that took others.' },
  'group_term': { kind: 'gauge', labels: ['mode'], says: 'Grows with every change of leader.' },
  'group_state': { kind: 'gauge', labels: ['state'], says: '1 for what this manager is: leader, follower, candidate, learner or stopped.' },
  'group_members': { kind: 'gauge', labels: ['heard'], says: 'Members by whether the leader hears them: yes, no, unknown (asked of one that does not lead).' },
  'group_log_entry': { kind: 'gauge', labels: ['place'], says: 'Numbers of entries of the log: last, committed, applied, snapshot.' },
  'http_requests_total': { kind: 'counter', labels: ['method', 'status'], says: 'Answered HTTP requests.' },
  'http_request_seconds': { kind: 'histogram', labels: [], buckets: short, says: 'How long they took.' },
  'resident_memory_bytes': { kind: 'gauge', labels: [], says: 'Memory of this process.' },
  'cpu_seconds_total': { kind: 'counter', labels: [], says: 'Processor time of this process, user and system.' },
  'start_time_seconds': { kind: 'gauge', labels: [], says: 'When this process began, in seconds since 1970.' },
  'info': { kind: 'gauge', labels: ['version', 'node'], says: 'Always 1.' },
} as const satisfies Readonly<Record<string, MeasureFacts>>

export type MeasureName = keyof typeof measures

/** The labels of one measure, each with its value. */
export type LabelsOf<Name extends MeasureName> = { readonly [Label in (typeof measures)[Name]['labels'][number]]: string }

/** The same table for code that goes through all of it. */
export const measureList: readonly (readonly [MeasureName, MeasureFacts])[] =
  Object.entries(measures) as [MeasureName, MeasureFacts][] // Object.entries forgets the names
