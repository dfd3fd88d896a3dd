import { proxySqlTargets } from '../adapters/mysql/proxysql/proxysql.ts'
import { proxySqlSettings } from '../adapters/mysql/proxysql/settings.ts'
import { publicationTargetSettings } from '../adapters/publication/settings.ts'
import { isHttpAddress, publicationTargets } from '../adapters/publication/targets.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemNames } from '../adapters/system/names.ts'
import type { Settings } from '../config/settings.ts'
import { Publisher } from '../engine/publication/publisher.ts'
import { publicationSettings } from '../engine/publication/settings.ts'
import { settingValues } from '../kit/setting.ts'
import type { Topology } from '../model/topology/topology.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'

export interface PublisherWish {
  readonly settings: Settings
  readonly store: Store
  readonly log: Log
  readonly changesNothing: boolean
  topology(): Topology
  isLeader(): boolean
}

/** Who takes writes is told to every place that the settings name. */
export function buildPublisher({ settings, store, log, changesNothing, topology, isLeader }: PublisherWish): Publisher {
  const proxies = proxySqlTargets(settingValues(proxySqlSettings, settings), systemClock)
  const hooks = settings.PublicationWebhooks.filter(url => !isHttpAddress(url))
  for (const url of hooks) log.error('a webhook is not told who takes writes: it is no http address', { url })
  for (const text of proxies.problems) log.error('ProxySQL is not told who takes writes', { text })
  const targets = [...publicationTargets(settingValues(publicationTargetSettings, settings), store.keyValues, systemClock), ...proxies.targets]
  return new Publisher({ targets, names: systemNames, clock: systemClock, log, changesNothing, topology, isLeader }, settingValues(publicationSettings, settings))
}
