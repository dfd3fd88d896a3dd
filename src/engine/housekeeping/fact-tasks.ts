import type { Finding } from '../../model/analysis/finding.ts'
import { isLastCheckValid } from '../../model/topology/instance.ts'
import { hostOf, instanceKey, type InstanceKey, isValidKey, portOf } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Store } from '../../ports/store.ts'
import type { HostName } from '../../ports/store-facts.ts'
import type { AnalysisChangelog } from '../journal/analysis-changelog.ts'
import type { Task } from './housekeeping.ts'

export interface FactTaskParts {
  /** The key a server would be filed under now. */
  resolve(key: InstanceKey): Promise<InstanceKey>
  /** Removes records of servers that go by another name. */
  forgetRenamed(keys: readonly InstanceKey[]): Promise<void>
  audit(kind: string, key: InstanceKey | null, message: string): void
  readonly store: Pick<Store, 'pools' | 'hostNames' | 'snapshots' | 'analysisChanges'>
  readonly changelog: AnalysisChangelog
  readonly settings: {
    readonly poolExpiryMinutes: number
    readonly resolveExpiryMinutes: number
    /** 0: no snapshots of their own accord. */
    readonly snapshotHours: number
    readonly unseenForgetHours: number
  }
  /** In a group each manager has a database of its own, and looks after what is kept there alone. */
  readonly hasOwnStore?: boolean
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

/** Periodic tasks about what is noted of servers beside their records. */
export function factTasks(parts: FactTaskParts): readonly Task[] {
  const { store, changelog, settings, topology, findings, isLeader, takeNames, setVirtualName, sampleQueues, onNews, hasOwnStore = false } = parts
  let notedAt = -Infinity
  onNews(() => (notedAt = -Infinity))
  return [
    { name: 'sampling the queues', everyMilliseconds: second, onlyLeader: false, run: async () => sampleQueues() },
    {
      name: 'noting changes of the analysis', everyMilliseconds: second, onlyLeader: !hasOwnStore,
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
        // Who does not lead learns what the leader resolved, where it stands in one database for both.
        if (!isLeader() && !hasOwnStore) return takeNames(await store.hostNames.resolved())
        const namesLast = settings.resolveExpiryMinutes * minute
        await store.hostNames.tidyResolved(now - 2 * namesLast)
        if (!isLeader()) return
        for (const host of await store.hostNames.expireUnresolved(now - namesLast)) setVirtualName(host, '')
      },
    },
    {
      name: 'forgetting former names', everyMilliseconds: minute, onlyLeader: true,
      run: async () => {
        const renamed = await differentlyResolved(parts)
        if (renamed.length > 0) await parts.forgetRenamed(renamed)
      },
    },
    { name: 'resolving unknown sources', everyMilliseconds: minute, onlyLeader: true, run: now => resolveUnknownSources(parts, now) },
    {
      name: 'expiring changes of the analysis', everyMilliseconds: 10 * minute, onlyLeader: !hasOwnStore,
      run: async now => void (await store.analysisChanges.expire(now - settings.unseenForgetHours * hour)),
    },
    {
      name: 'taking a snapshot of the topology', everyMilliseconds: minute, onlyLeader: !hasOwnStore,
      run: async now => {
        if (settings.snapshotHours === 0) return
        if (now - ((await store.snapshots.newestAt()) ?? 0) >= settings.snapshotHours * hour) await store.snapshots.take(now, [...topology().instances.values()])
      },
    },
  ]
}

/** Servers that cannot be read and whose host has another name by now. One that feeds others stays: it is what they are recovered from. */
async function differentlyResolved({ topology, resolve }: FactTaskParts): Promise<readonly InstanceKey[]> {
  const current = topology()
  const lost = [...current.instances.values()].filter(instance => !isLastCheckValid(instance) && isValidKey(instance.key) && current.replicasOf(instance.key).length === 0)
  const renamed: InstanceKey[] = []
  for (const { key } of lost) if ((await resolve(key)) !== key) renamed.push(key)
  return renamed
}

/** A source that nobody knows may be a known server under a name that its host once had; it is meant from then on. */
async function resolveUnknownSources({ topology, store, takeNames, audit }: FactTaskParts, now: number): Promise<void> {
  const current = topology()
  const sources = new Set([...current.instances.values()].flatMap(({ replication }) => (replication === null ? [] : [replication.source])))
  const unknown = [...sources].filter(key => isValidKey(key) && current.get(key) === undefined)
  if (unknown.length === 0) return
  const names = await store.hostNames.formerNames()
  for (const key of unknown) {
    const known = names.find(({ host, name }) => host === hostOf(key) && current.get(instanceKey(name, portOf(key))) !== undefined)
    if (known === undefined) continue
    takeNames([{ ...known, at: now }])
    audit('resolve-unknown-masters', key, `${known.host} is ${known.name}`)
  }
}
