import type { OperationName } from '../../../src/contract/all.ts'
import type { PlanView } from '../../../src/contract/views.ts'

/** What an operation that moves nobody is taken back by, with the same server. */
const opposites: Readonly<Partial<Record<string, OperationName>>> = {
  'stop-replica': 'start-replica',
  'stop-replica-nice': 'start-replica',
  'start-replica': 'stop-replica',
  'detach-replica': 'reattach-replica',
  'enable-semi-sync-source': 'disable-semi-sync-source',
  'disable-semi-sync-source': 'enable-semi-sync-source',
  'enable-semi-sync-replica': 'disable-semi-sync-replica',
  'disable-semi-sync-replica': 'enable-semi-sync-replica',
  'set-read-only': 'set-writeable',
  'set-writeable': 'set-read-only',
}

/** Nothing brings back what these take away. */
const finalOperations: readonly string[] = [
  'skip-query', 'reset-replica', 'purge-binary-logs', 'kill-query', 'gtid-errant-reset-master', 'gtid-errant-inject-empty', 'rejoin-primary-inject-empty', 'reprovision',
] satisfies readonly OperationName[]

export type WayBack =
  /** A move, or moves, to where they were: judged and shown like any other when asked for. */
  | { readonly kind: 'move'; readonly servers: readonly string[]; readonly to: string }
  | { readonly kind: 'opposite'; readonly operation: OperationName }
  | { readonly kind: 'none' }
  /** Nothing is known of a way back by one act. */
  | { readonly kind: 'unknown' }

/** How what a plan does can be taken back. */
export function wayBack(plan: Pick<PlanView, 'operation' | 'before' | 'after'>): WayBack {
  if (finalOperations.includes(plan.operation)) return { kind: 'none' }
  const opposite = opposites[plan.operation]
  if (opposite !== undefined) return { kind: 'opposite', operation: opposite }
  const moved = Object.keys(plan.before).filter(key => (plan.after[key] ?? null) !== plan.before[key])
  const sources = new Set(moved.map(key => plan.before[key] ?? null))
  const [to] = sources
  // Back to one place only, and only for those that are replicas before and after.
  if (moved.length === 0 || sources.size !== 1 || to === undefined || to === null || moved.includes(to) || moved.some(key => (plan.after[key] ?? null) === null)) return { kind: 'unknown' }
  return { kind: 'move', servers: moved, to }
}
