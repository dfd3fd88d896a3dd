import type { TFunction } from 'i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { clockMinutes, duration } from '../words/format.ts'

export interface Chip {
  readonly kind: 'site' | 'semi-sync' | 'downtime' | 'maintenance' | 'errant' | 'promotion' | 'delay' | 'filters' | 'detached' | 'log' | 'channels' | 'address'
  readonly text: string
}

/** Marks of a server, only those that apply, those that matter most first. */
export function chipsOf(server: ServerView, name: string, t: TFunction): readonly Chip[] {
  const chips: Chip[] = []
  const worst = server.statuses[0]?.code
  if (server.downtime !== null)
    chips.push({ kind: 'downtime', text: t('card.downtimed', { at: clockMinutes(server.downtime.endsAt), owner: server.downtime.owner }) })
  if (server.maintenance !== null) chips.push({ kind: 'maintenance', text: t('card.maintenance', { owner: server.maintenance.owner }) })
  if (server.errantGtidSet !== '' && worst !== 'errant-gtid') chips.push({ kind: 'errant', text: t('card.errant') })
  if (server.replication?.isDetached === true) chips.push({ kind: 'detached', text: t('card.detached') })
  if (server.dataCenter !== '') chips.push({ kind: 'site', text: server.dataCenter })
  if (server.semiSync?.sourceEnabled === true && server.source === null)
    chips.push({ kind: 'semi-sync', text: t('card.semiSyncSource', { clients: server.semiSync.clients, wait: server.semiSync.waitFor }) })
  else if (server.semiSync?.replicaEnabled === true && server.source !== null) chips.push({ kind: 'semi-sync', text: t('card.semiSyncReplica') })
  if (server.promotionRule === 'must') chips.push({ kind: 'promotion', text: t('card.must') })
  if (server.promotionRule === 'prefer') chips.push({ kind: 'promotion', text: t('card.prefer') })
  if (server.promotionRule === 'prefer_not') chips.push({ kind: 'promotion', text: t('card.preferNot') })
  if (server.promotionRule === 'must_not') chips.push({ kind: 'promotion', text: t('card.mustNot') })
  if ((server.replication?.delaySeconds ?? 0) > 0)
    chips.push({ kind: 'delay', text: t('card.delay', { time: duration(server.replication?.delaySeconds ?? 0) }) })
  if (server.replication?.hasFilters === true) chips.push({ kind: 'filters', text: t('card.filters') })
  if ((server.replication?.channels ?? 1) > 1) chips.push({ kind: 'channels', text: t('card.channels', { count: server.replication?.channels ?? 1 }) })
  if (!server.logBin) chips.push({ kind: 'log', text: t('card.noBinlog') })
  else if (!server.logReplicaUpdates && server.source !== null) chips.push({ kind: 'log', text: t('card.noReplicaLog') })
  // A server called by an alias: where there is room, where it really is.
  if (chips.length < 2 && server.alias !== '' && name === server.alias) chips.push({ kind: 'address', text: server.key })
  return chips
}
