import { isLostDowntimeOver, renewedDowntime } from '../../model/recovery/lifecycle.ts'
import type { Maintenance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Store } from '../../ports/store.ts'
import type { Remembered } from '../journal/world.ts'
import type { Journal } from '../journal/journal.ts'
import type { Task } from './housekeeping.ts'

export interface HousekeepingParts {
  readonly store: Store
  readonly journal: Journal
  readonly remembered: Remembered & { setMaintenance(key: InstanceKey, maintenance: Maintenance | null): void; setPromotionRule(key: InstanceKey, rule: 'neutral'): void }
  readonly audit: (kind: string, key: InstanceKey | null, message: string) => void
  topology(): Topology
  readonly settings: {
    readonly pollSeconds: number
    readonly auditPurgeDays: number
    readonly candidateExpireMinutes: number
    readonly unseenForgetHours: number
    readonly resolveExpiryMinutes: number
  }
  /** Writes this process's heartbeat and learns who leads. */
  beat(now: number): Promise<void>
  /** In a group each manager has a database of its own, and purges what is kept there alone. */
  readonly hasOwnStore?: boolean
  /** The token of this process: its own locks keep nothing from itself. */
  readonly token: string
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
/** Ended maintenances, injections of Pseudo-GTID and places of servers go after so long, whatever settings say (contract backend-schema.json). */
const [maintenancesLast, injectionsLast, coordinatesLast] = [7 * day, hour, 4 * minute]

/** Every periodic task. */
export function housekeepingTasks({ store, journal, remembered, audit, topology, settings, beat, token, hasOwnStore = false }: HousekeepingParts): readonly Task[] {
  /** Locks of others as they were last read, and at first as they were loaded. */
  let seen: ReadonlyMap<InstanceKey, number> = new Map([...topology().instances.values()].flatMap(({ key, maintenance }) => (maintenance === null ? [] : [[key, maintenance.id] as const])))
  return [
    { name: 'heartbeat', everyMilliseconds: second, onlyLeader: false, run: beat },
    {
      name: 'ending downtimes', everyMilliseconds: Math.max(second, settings.pollSeconds * second), onlyLeader: true,
      run: async now => {
        for (const key of await store.downtimes.expire(now)) {
          remembered.setDowntime(key, null)
          audit('expire-downtime', key, '')
        }
      },
    },
    {
      name: 'looking after servers that a recovery gave up', everyMilliseconds: Math.max(second, settings.pollSeconds * second), onlyLeader: true,
      run: async now => {
        const current = topology()
        for (const instance of current.instances.values()) {
          const renewed = renewedDowntime(instance, now)
          if (renewed === null) continue
          if (isLostDowntimeOver(instance, current, now)) await journal.propose({ do: 'end-downtime', key: instance.key, kind: 'end-downtime' })
          // Renewed once a day, not at every look.
          else if ((instance.downtime?.endsAt ?? 0) < renewed.endsAt - day) await journal.propose({ do: 'begin-downtime', key: instance.key, downtime: renewed })
        }
      },
    },
    {
      name: 'reading locks of others', everyMilliseconds: second, onlyLeader: false,
      run: async () => {
        for (const key of await store.locks.dropDead(token)) audit('drop-dead-maintenance', key, 'the process that held it is gone')
        const locks = await store.locks.ofOthers(token)
        for (const key of new Set([...locks.keys(), ...seen.keys()])) {
          const lock = locks.get(key)
          if (lock?.id !== seen.get(key)) remembered.setMaintenance(key, lock ?? null)
        }
        seen = new Map([...locks].map(([key, { id }]) => [key, id]))
      },
    },
    {
      name: 'ending maintenances', everyMilliseconds: minute, onlyLeader: true,
      run: async now => {
        for (const key of await store.maintenances.expire(now)) {
          remembered.setMaintenance(key, null)
          audit('expire-maintenance', key, '')
        }
      },
    },
    {
      name: 'expiring promotion rules', everyMilliseconds: minute, onlyLeader: true,
      run: async now => {
        for (const key of await store.candidates.expire(now - settings.candidateExpireMinutes * minute)) remembered.setPromotionRule(key, 'neutral')
      },
    },
    {
      name: 'purging', everyMilliseconds: 10 * minute, onlyLeader: !hasOwnStore,
      run: async now => {
        const before = now - settings.auditPurgeDays * day
        await store.purge({
          audit: before, recoveries: before, recoverySteps: before, detections: before, intents: before, maintenances: now - maintenancesLast, nodes: now - minute,
          nodeHistory: now - settings.unseenForgetHours * hour, injections: now - injectionsLast, coordinates: now - coordinatesLast,
        })
      },
    },
    {
      name: 'purging names of clusters', everyMilliseconds: hour, onlyLeader: true,
      run: async now => {
        // Written when they are new; those that still hold are told again, so that only names of clusters that are gone become old.
        const { aliases, domains } = topology().decisions
        for (const [clusterName, alias] of aliases) if (topology().clusters.has(clusterName)) await store.aliases.register(clusterName, alias)
        for (const [clusterName, domain] of domains) if (topology().clusters.has(clusterName)) await store.domains.set(clusterName, domain)
        await store.purge({ clusterAliases: now - settings.unseenForgetHours * hour, clusterDomains: now - Math.max(settings.resolveExpiryMinutes * minute, 2 * hour) })
      },
    },
  ]
}
