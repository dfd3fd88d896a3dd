/** A place where an answer of ours differs from the recorded one, on purpose. */
export interface Kept {
  /** `status`, `type`, or where in the answer: `$.Details.Hostname`. */
  readonly at: string
  readonly why: string
}

const goRuntime = 'what Go’s runtime alone has is left out; the rest are the nearest figures of this one'

/** Every difference that is kept, by the recording. One without an entry fails the walk, and so does an entry whose difference is gone. */
export const kept: Readonly<Record<string, readonly Kept[]>> = {
  'metrics/debug-metrics.json': [{ at: '$.memstats', why: goRuntime }],
  'metrics/debug-vars.json': [{ at: '$.memstats', why: goRuntime }],
  'status/headers.json': [{ at: '$', why: 'the host that was asked for is told as well: a proxy may change it, and that is what people look for here' }],
  'errors/register-hostname-unresolve-badport.txt': [
    { at: 'type', why: 'the original panics; this is an error with its reason (http-api.md 1)' },
    { at: '$', why: 'the original panics; this is an error with its reason (http-api.md 1)' },
  ],
}

const measured = 'figures that were measured'
const journal = 'what was done, in the words of whoever did it'

/** Answers whose values are of the moment: names of members, their order and types are compared, for every entry of a list. */
export const byShape: Readonly<Record<string, string>> = {
  'audit/audit.json': journal, 'audit/audit-page.json': journal, 'audit/audit-bad-page.json': journal, 'audit/audit-instance.json': journal, 'audit/audit-instance-page.json': journal, 'audit/audit-mysql.json': journal,
  'meta/snapshot-topologies.json': 'says how long it took',
  'metrics/backend-query-metrics-aggregated.json': measured, 'metrics/backend-query-metrics-raw.json': measured, 'metrics/debug-metrics.json': measured, 'metrics/debug-vars.json': measured,
  'metrics/discovery-metrics-aggregated.json': measured, 'metrics/discovery-queue-metrics-aggregated-queue.json': measured, 'metrics/discovery-queue-metrics-aggregated.json': measured,
  'metrics/discovery-queue-metrics-raw-queue.json': measured, 'metrics/discovery-queue-metrics-raw.json': measured, 'metrics/write-buffer-metrics-aggregated.json': measured,
  'metrics/discovery-metrics-raw.json': measured,
}
