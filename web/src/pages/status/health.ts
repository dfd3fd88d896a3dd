import type { GroupView } from '../../../../src/contract/raft.ts'
import type { StatusView } from '../../../../src/contract/views.ts'
import type { Reason } from '../../../../src/kit/reason.ts'

/** What is not well with the program, worst first; none: it is well. */
export type Complaint =
  | { readonly tone: 'critical'; readonly says: 'noLeader' }
  | { readonly tone: 'critical'; readonly says: 'storeFailing'; readonly reason: Reason }
  | { readonly tone: 'warning'; readonly says: 'quorumAtItsEnd' | 'pageOff' }
  | { readonly tone: 'warning'; readonly says: 'silentManagers'; readonly names: readonly string[] }
  | { readonly tone: 'warning'; readonly says: 'otherVersions'; readonly versions: readonly string[] }
  | { readonly tone: 'warning'; readonly says: 'lostWrites' | 'behind' | 'warnings'; readonly count: number }

/** Computed of all that the page knows, so that no part can be ill beside a green sentence. `group` null: not known. */
export function complaintsOf(status: StatusView, group: GroupView | null, isConnected: boolean): readonly Complaint[] {
  const { backend, now, reading, configuration } = status
  const critical: Complaint[] = [
    ...(status.leader === '' ? [{ tone: 'critical', says: 'noLeader' } as const] : []),
    ...(backend.state === 'failing' ? [{ tone: 'critical', says: 'storeFailing', reason: backend.says } as const] : []),
  ]
  const silent = (group?.members ?? []).filter(({ isHeard }) => isHeard === false).map(({ name }) => name)
  const versions = [...new Set((group?.members ?? []).flatMap(({ version }) => version ?? []))].toSorted()
  // What waits and is not read within the next seconds, at the pace of the last ones, is behind; a queue that is worked off at once is none.
  const waits = reading.waiting > Math.max(10, now.readingsPerSecond * behindSeconds)
  return [
    ...critical,
    ...(silent.length > 0 ? [{ tone: 'warning', says: 'silentManagers', names: silent } as const] : []),
    ...(group?.quorum.code === 'quorum-at-its-end' ? [{ tone: 'warning', says: 'quorumAtItsEnd' } as const] : []),
    ...(versions.length > 1 ? [{ tone: 'warning', says: 'otherVersions', versions } as const] : []),
    ...(waits ? [{ tone: 'warning', says: 'behind', count: reading.waiting } as const] : []),
    ...(backend.lostWrites > 0 ? [{ tone: 'warning', says: 'lostWrites', count: backend.lostWrites } as const] : []),
    ...(configuration.warnings.length > 0 ? [{ tone: 'warning', says: 'warnings', count: configuration.warnings.length } as const] : []),
    ...(isConnected ? [] : [{ tone: 'warning', says: 'pageOff' } as const]),
  ]
}

const behindSeconds = 5
