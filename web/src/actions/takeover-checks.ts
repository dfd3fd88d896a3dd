import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import type { enTakeover } from '../words/en-takeover.ts'
import type { ActName } from './acts/act.ts'

/** One thing to look at before a takeover. `stop` forbids it, `warning` must be accepted. */
export interface TakeoverCheck {
  readonly says: keyof typeof enTakeover.check
  readonly state: 'ok' | 'warning' | 'stop'
  /** Servers by their keys, seconds and counts as they are. */
  readonly servers: readonly string[]
  readonly values: Readonly<Record<string, string | number>>
  /** What mends it, and of whom. */
  readonly fix: { readonly act: ActName; readonly server: string } | null
}

type Told = Partial<Pick<TakeoverCheck, 'servers' | 'values' | 'fix'>>
const told =
  (state: TakeoverCheck['state']) =>
  (says: TakeoverCheck['says'], { servers = [], values = {}, fix = null }: Told = {}): TakeoverCheck => ({ says, state, servers, values, fix })
const [fine, warns, stops] = [told('ok'), told('warning'), told('stop')]

const isWhole = ({ replication }: ServerView): boolean => replication?.receiver === 'running' && replication.applier === 'running'
const fixOf = (act: ActName, servers: readonly ServerView[]): TakeoverCheck['fix'] => (servers[0] === undefined ? null : { act, server: servers[0].key })
const keysOf = (servers: readonly ServerView[]): readonly string[] => servers.map(({ key }) => key)
/** `9.7` of `9.7.4-log`. */
const major = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? version

/** What the page knows of a takeover to this replica; the server looks at the servers themselves and judges once more. */
export function takeoverChecks(cluster: Pick<ClusterView, 'members' | 'recoveries' | 'blocked'>, primary: ServerView, successor: ServerView, reasonableLagSeconds: number): readonly TakeoverCheck[] {
  const replicas = cluster.members.filter(({ source, downtime }) => source === primary.key && downtime === null)
  const broken = replicas.filter(server => !isWhole(server))
  const writable = cluster.members.filter(({ source, readOnly }) => source !== null && !readOnly)
  return [
    broken.length === 0 ? fine('replicate') : warns('replicateNot', { servers: keysOf(broken), fix: fixOf('start', broken) }),
    lagOf(successor, reasonableLagSeconds),
    successor.errantGtidSet === '' ? fine('errant') : stops('errantToo', { values: { gtids: successor.errantGtidSet } }),
    successor.logBin && successor.logReplicaUpdates ? fine('logs') : stops('logsNot'),
    major(successor.version) === major(primary.version) ? fine('version') : warns('versionOther', { values: { version: successor.version, primary: primary.version } }),
    writable.length === 0 ? fine('readOnly') : warns('readOnlyNot', { servers: keysOf(writable), fix: fixOf('readOnly', writable) }),
    ...semiSyncOf(cluster.members, primary, successor),
    recoveryOf(cluster),
    marksOf([primary, successor]),
  ]
}

function lagOf({ replication }: ServerView, limit: number): TakeoverCheck {
  const lag = replication?.lagSeconds ?? null
  if (lag === null || replication === null) return stops('lagUnknown')
  return Math.abs(lag - replication.delaySeconds) > limit ? stops('lagToo', { values: { lag, limit } }) : fine('lag', { values: { lag, limit } })
}

/** Whoever is to acknowledge what the new primary commits: its siblings, and the old primary. */
function semiSyncOf(members: readonly ServerView[], primary: ServerView, successor: ServerView): readonly TakeoverCheck[] {
  if (primary.semiSync?.sourceEnabled !== true) return []
  const count = members.filter(({ key, source, semiSync }) => key !== successor.key && (source === primary.key || source === successor.key) && semiSync?.replicaEnabled === true).length
  const values = { count, needed: primary.semiSync.waitFor }
  return [count >= values.needed ? fine('semiSync', { values }) : warns('semiSyncFew', { values })]
}

function recoveryOf({ recoveries, blocked }: Pick<ClusterView, 'recoveries' | 'blocked'>): TakeoverCheck {
  const running = recoveries.find(({ endedAt }) => endedAt === null)
  if (running !== undefined) return stops('recoveryOther', { values: { id: running.id } })
  const [block] = blocked
  return block === undefined ? fine('recovery') : warns('recoveryBlocks', { values: { id: block.blockedBy } })
}

function marksOf(servers: readonly ServerView[]): TakeoverCheck {
  const downtimed = servers.filter(({ downtime }) => downtime !== null)
  const maintained = servers.filter(({ maintenance }) => maintenance !== null)
  const marked = [...new Set([...downtimed, ...maintained])]
  return marked.length === 0 ? fine('marks') : warns('marksSome', { servers: keysOf(marked), fix: fixOf('downtimeEnd', downtimed) ?? fixOf('maintenanceEnd', maintained) })
}
