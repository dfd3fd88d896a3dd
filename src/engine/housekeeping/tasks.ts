import type { Store } from '../../ports/store.ts'
import type { Remembered } from '../journal/commands.ts'
import type { Task } from './housekeeping.ts'

export interface HousekeepingParts {
  readonly store: Store
  readonly remembered: Remembered & { setMaintenance(key: Parameters<Remembered['clusterNameOf']>[0], maintenance: null): void; setPromotionRule(key: Parameters<Remembered['clusterNameOf']>[0], rule: 'neutral'): void }
  readonly audit: (kind: string, key: Parameters<Remembered['clusterNameOf']>[0] | null, message: string) => void
  readonly settings: { readonly pollSeconds: number; readonly auditPurgeDays: number; readonly candidateExpireMinutes: number }
  /** Writes this process's heartbeat and learns who leads. */
  beat(now: number): Promise<void>
}

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute

/** Every periodic task. */
export function housekeepingTasks({ store, remembered, audit, settings, beat }: HousekeepingParts): readonly Task[] {
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
      name: 'purging', everyMilliseconds: 10 * minute, onlyLeader: true,
      run: async now => {
        const before = now - settings.auditPurgeDays * day
        await store.purge({ audit: before, recoveries: before, recoverySteps: before, detections: before, maintenances: before, intents: before, nodes: now - minute, nodeHistory: before })
      },
    },
  ]
}
