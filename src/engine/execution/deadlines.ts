import type { Step, StepKind } from '../../model/planning/step.ts'

/** How long one step may take on its server, in milliseconds, unless a run says otherwise. Waits bring their own limit. */
const deadlines: Readonly<Record<Exclude<StepKind, 'wait-executed' | 'wait-position' | 'start-until' | 'match-position' | 'wait-received' | 'clone-from' | 'wait-restart'>, number>> = {
  'stop-receiver': 5000, // a receiver that reads from a frozen source takes 2 s to stop (measured)
  'start-receiver': 5000,
  'stop-replication': 10_000, // the applier finishes its transaction first
  'start-replication': 5000,
  'start-applier': 5000,
  'apply-relay-log': 10_000, // writes and syncs its repositories
  'read-executed': 2000,
  'read-coordinates': 2000,
  'change-source': 10_000, // writes and syncs its repositories
  'copy-replication-credentials': 10_000,
  'forget-source': 10_000, // removes relay logs
  'set-read-only': 5000, // waits for commits and table locks
  'set-writable': 5000,
  'stop-applier': 10_000, // it finishes its transaction first
  'inject-empty': 30_000, // up to a thousand commits
  'skip-next-event': 5000,
  'forget-gtids': 30_000, // removes binary logs
  'set-delay': 10_000,
  'set-semi-sync': 5000,
  'end-blocked-commits': 5000,
  'commit-nothing': 5000, // until a replica acknowledges
  'flush-binary-logs': 10_000,
  'purge-binary-logs': 30_000, // removes files
  'kill-query': 5000,
}

/** Beyond the server's own limit of a wait: the way there and back. */
const waitSlackMilliseconds = 1000

export type DeadlineOverrides = Partial<Readonly<Record<StepKind, number>>>

export const deadlineOf = (step: Step, overrides: DeadlineOverrides): number =>
  overrides[step.do] ?? ('timeoutMilliseconds' in step ? step.timeoutMilliseconds + waitSlackMilliseconds : deadlines[step.do])

/** One probe before or after a step. */
export const probeDeadlineMilliseconds = 3000
/** How long a started thread may take to connect before its step counts as failed, and how often that is looked at. */
export const startWaitMilliseconds = 3000
export const startLookFirstMilliseconds = 5
export const startLookMostMilliseconds = 100
