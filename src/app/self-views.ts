import { statSync } from 'node:fs'
import { systemClock } from '../adapters/system/clock.ts'
import type { LoadedSettings } from '../config/load-settings.ts'
import { problemText } from '../config/problem.ts'
import type { MeView, StatusView } from '../contract/views.ts'
import { viewReason } from '../engine/operations/view-reasons.ts'
import type { Request } from '../http/exchange.ts'
import type { Engine } from './engine.ts'
import { backendState } from './backend-state.ts'
import type { OwnHour } from './own-hour.ts'
import { version } from './version.ts'

/** What the page is told of this process itself, and of the person who asks. */
export const recoverySwitch = (engine: Engine): MeView['recoveries'] => {
  const disabled = engine.inventory.topology.decisions.recoveriesDisabled
  return { enabled: disabled === null, since: disabled?.since ?? null, by: disabled?.by ?? '' }
}

export function meView(engine: Engine, settings: LoadedSettings['settings'], { person, askedThrough }: Pick<Request, 'person' | 'askedThrough'>): MeView {
  const { app } = engine
  const { mode, self, leader } = engine.operations.parts.group.standing()
  // Nobody leads: what all managers share cannot be changed, whoever asks.
  const whyNot = person.whyNot ?? (mode !== 'shared-store' && leader === null ? 'nobody-leads' : null)
  return {
    user: person.user, mayWrite: whyNot === null, reason: whyNot === null ? null : viewReason(whyNot, {}),
    node: askedThrough ?? self, leader: leader?.name ?? '', version, webMessage: app.webMessage, removedHostText: app.removedHostText, recoveries: recoverySwitch(engine),
    recoveryFilters: { primary: app.primaryFilters ?? [], intermediate: app.intermediateFilters ?? [] },
    agentsServed: engine.operations.parts.agents !== null,
    pollSeconds: app.pollSeconds, reasonableLagSeconds: app.reasonableLagSeconds, urlPrefix: settings.URLPrefix === '/' ? '' : settings.URLPrefix,
  }
}

/** Figures of polls are of the last so long. */
const pollWindowMilliseconds = 10_000

export async function statusView(engine: Engine, { files, warnings, settings }: LoadedSettings, own: OwnHour): Promise<StatusView> {
  const { inventory, discovery, identity } = engine
  const { parts } = engine.operations
  const health = await parts.health()
  const { self, leader } = parts.group.standing()
  const { failing, waiting, dropped } = backendState(engine)
  const text = health.failure !== '' ? health.failure : (failing?.text ?? '')
  const isFile = settings.BackendDB.includes('sqlite')
  const at = systemClock.now()
  const now = own.hour.between(at - pollWindowMilliseconds, at)
  const { active, queued, deadQueued, dead } = discovery.status
  return {
    node: self, version, startedAt: identity.startedAt, isLeader: parts.isLeader(), leader: leader?.name ?? '',
    backend: {
      kind: isFile ? 'sqlite' : 'mysql', state: text === '' ? 'ok' : 'failing',
      says: text === '' ? viewReason('backend-ok', {}) : viewReason('backend-failing', { text }), pendingWrites: waiting,
      failingSince: failing?.since ?? null, lostWrites: dropped, bytes: isFile ? bytesOf(settings.SQLite3DataFile) : null,
    },
    servers: inventory.topology.instances.size, clusters: inventory.topology.clusters.size, deadServers: dead,
    pollsPerSecond: now.readingsPerSecond, pollMillisecondsMedian: now.readingMillisecondsMedian, memoryBytes: now.memoryBytes,
    configuration: { files, warnings: warnings.map(problemText) }, leaderSince: own.leaderSince(), reading: { active, waiting: queued + deadQueued }, now,
  }
}

/** With what is not folded into the file yet; null: there is no such file. */
function bytesOf(file: string): number | null {
  const sizes = [file, `${file}-wal`].map(path => statSync(path, { throwIfNoEntry: false })?.size)
  return sizes[0] === undefined ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}
