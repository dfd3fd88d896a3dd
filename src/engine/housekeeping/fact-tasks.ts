import type { Finding } from '../../model/analysis/finding.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Store } from '../../ports/store.ts'
import type { HostName } from '../../ports/store-facts.ts'
import type { AnalysisChangelog } from '../journal/analysis-changelog.ts'
import type { Task } from './housekeeping.ts'

export interface FactTaskParts {
  readonly store: Pick<Store, 'pools' | 'hostNames' | 'snapshots' | 'analysisChanges'>
  readonly changelog: AnalysisChangelog
  readonly settings: {
    readonly poolExpiryMinutes: number
    readonly resolveExpiryMinutes: number
    /** 0: no snapshots of their own accord. */
    readonly snapshotHours: number
    readonly auditPurgeDays: number
  }
  topology(): Topology
  findings(): readonly Finding[]
  isLeader(): boolean
  takeNames(names: readonly HostName[]): void
  setVirtualName(host: string, name: string): void
  sampleQueues(): void
  /** Calls back whenever a record has something new; an analysis of what did not change is not made. */
  onNews(listener: () => void): void
}

/** Rules of the analysis look at the time too. */
const notedAnywayMilliseconds = 10_000

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Periodic tasks about what is noted of servers beside their records. */
export function factTasks({ store, changelog, settings, topology, findings, isLeader, takeNames, setVirtualName, sampleQueues, onNews }: FactTaskParts): readonly Task[] {
  const namesLast = settings.resolveExpiryMinutes * minute
  let notedAt = -Infinity
  onNews(() => (notedAt = -Infinity))
  return [
    { name: 'sampling the queues', everyMilliseconds: second, onlyLeader: false, run: async () => sampleQueues() },
    {
      name: 'noting changes of the analysis', everyMilliseconds: second, onlyLeader: true,
      run: async now => {
        if (now - notedAt < notedAnywayMilliseconds) return
        notedAt = now
        await changelog.note(findings(), topology(), now)
      },
    },
    {
      name: 'expiring pools', everyMilliseconds: minute, onlyLeader: true,
      run: async now => void (await store.pools.expire(now - settings.poolExpiryMinutes * minute)),
    },
    {
      name: 'expiring host names', everyMilliseconds: minute, onlyLeader: false,
      run: async now => {
        // Who does not lead learns what the leader resolved.
        if (!isLeader()) return takeNames(await store.hostNames.resolved())
        await store.hostNames.tidyResolved(now - 2 * namesLast)
        for (const host of await store.hostNames.expireUnresolved(now - namesLast)) setVirtualName(host, '')
      },
    },
    {
      name: 'expiring changes of the analysis', everyMilliseconds: 10 * minute, onlyLeader: true,
      run: async now => void (await store.analysisChanges.expire(now - settings.auditPurgeDays * day)),
    },
    ...(settings.snapshotHours === 0 ? [] : [{
      name: 'taking a snapshot of the topology', everyMilliseconds: minute, onlyLeader: true,
      run: async (now: number) => {
        if (now - ((await store.snapshots.newestAt()) ?? 0) >= settings.snapshotHours * hour) await store.snapshots.take(now, [...topology().instances.values()])
      },
    }]),
  ]
}
