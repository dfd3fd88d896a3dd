import { systemClock } from '../adapters/system/clock.ts'
import type { StatusHourView } from '../contract/views.ts'
import type { Task } from '../engine/housekeeping/housekeeping.ts'
import { LastHour, sampleMilliseconds } from '../engine/metrics/last-hour.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import type { Engine } from './engine.ts'

/** What this process keeps of itself for its page: its last hour, and since when the present leader leads. */
export interface OwnHour {
  readonly hour: LastHour
  leaderSince(): number | null
  view(): StatusHourView
  readonly task: Task
}

export function ownHour({ discovery, store, operations }: Pick<Engine, 'discovery' | 'store' | 'operations'>): OwnHour {
  const { group } = operations.parts
  const hour = new LastHour({
    readingsSince: from => discovery.metrics.since(from).map(poll => (poll.failure === null ? poll.serverMilliseconds : null)),
    writesSince: from => store.writesSince(from).map(write => write.waitMilliseconds + write.executeMilliseconds),
    waiting: seconds => (discovery.queueSamples.newest('DEFAULT', seconds) ?? []).map(sample => sample.queued),
    memoryBytes: () => process.memoryUsage.rss(),
  }, systemClock.now())
  return {
    hour, leaderSince: sinceItLeads(group),
    view: () => ({ node: group.standing().self, everyMilliseconds: sampleMilliseconds, samples: hour.since(0) }),
    task: {
      name: 'looking at the own work', everyMilliseconds: sampleMilliseconds, onlyLeader: false,
      run: now => {
        hour.sample(now)
        return Promise.resolve()
      },
    },
  }
}

function sinceItLeads(group: Pick<GroupParts, 'standing' | 'onStanding'>): () => number | null {
  let known = { name: group.standing().leader?.name ?? null, since: systemClock.now() }
  group.onStanding(({ leader }) => {
    const name = leader?.name ?? null
    if (name !== known.name) known = { name, since: systemClock.now() }
  })
  return () => (known.name === null ? null : known.since)
}
