import type { Clock } from '../../ports/clock.ts'
import type { PublicationTarget } from '../../ports/publication.ts'
import type { KeyValueStore } from '../../ports/store-facts.ts'
import { Consul } from './consul.ts'
import { internalTarget } from './internal.ts'
import type { PublicationTargetSettings } from './settings.ts'
import { webhookTarget } from './webhooks.ts'
import { Zookeeper } from './zookeeper/target.ts'

export const isHttpAddress = (url: string): boolean => URL.canParse(url) && /^https?:/i.test(url)

const [transactionLeast, transactionMost] = [5, 64]

/** Every place that the settings name, and our own table always. */
export function publicationTargets(settings: PublicationTargetSettings, store: KeyValueStore, clock: Pick<Clock, 'now'>): readonly PublicationTarget[] {
  const targets: PublicationTarget[] = [internalTarget(store, clock)]
  if (settings.zookeeper !== '') targets.push(new Zookeeper(settings.zookeeper))
  if (settings.consul !== '') {
    targets.push(new Consul({
      address: settings.consul, scheme: settings.consulScheme, token: settings.consulToken, inTransactions: /^consul[-_]txn$/.test(settings.consulProvider),
      pairsPerTransaction: Math.min(transactionMost, Math.max(transactionLeast, settings.consulPairsPerTransaction)), everywhere: settings.consulEverywhere,
    }))
  }
  return [...targets, ...settings.webhooks.filter(isHttpAddress).map(url => webhookTarget(url, clock))]
}
