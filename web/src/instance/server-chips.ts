import type { TFunction } from 'i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { gtidCount } from './gtid-count.ts'
import { clockMinutes, duration } from '../words/format.ts'

export interface Chip {
  readonly kind: 'site' | 'semi-sync' | 'downtime' | 'maintenance' | 'errant' | 'promotion' | 'delay' | 'filters' | 'detached' | 'log' | 'channels' | 'tag' | 'pool' | 'address'
  readonly text: string
}

function errantWords(set: string, t: TFunction): string {
  const count = gtidCount(set)
  return count === null ? t('card.errant') : t('card.errantCount', { count })
}

/** Marks of a server, only those that apply, those that matter most first. */
export function chipsOf(server: ServerView, name: string, t: TFunction): readonly Chip[] {
  const chips: Chip[] = []
  const worst = server.statuses[0]?.code
  if (server.downtime !== null)
    chips.push({ kind: 'downtime', text: t('card.downtimed', { at: clockMinutes(server.downtime.endsAt), owner: server.downtime.owner }) })
  if (server.maintenance !== null) chips.push({ kind: 'maintenance', text: t('card.maintenance', { owner: server.maintenance.owner }) })
  if (server.errantGtidSet !== '' && worst !== 'errant-gtid') chips.push({ kind: 'errant', text: errantWords(server.errantGtidSet, t) })
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
  const [tag] = server.tags ?? []
  if (tag !== undefined) chips.push({ kind: 'tag', text: server.tags?.length === 1 ? tag : t('card.tagsMore', { tag, count: (server.tags?.length ?? 1) - 1 }) })
  for (const pool of server.pools ?? []) chips.push({ kind: 'pool', text: t('card.pool', { pool }) })
  // A server called by an alias: where there is room, where it really is.
  if (chips.length < 2 && server.alias !== '' && name === server.alias) chips.push({ kind: 'address', text: server.key })
  return chips
}

/** The room of a row of marks on a card, and what one takes beside its letters: icon, padding and the gap to the next. */
const roomPixels = 234
const besidePixels = 33
const countPixels = 30

/** So many marks fit beside each other; for the rest there is "+2", and the panel. The first is always there, and shortened if it must be. */
export function chipsThatFit(texts: readonly string[]): number {
  let used = 0
  for (const [index, text] of texts.entries()) {
    used += besidePixels + letterPixels(text)
    if (index > 0 && used + (index === texts.length - 1 ? 0 : countPixels) > roomPixels) return index
  }
  return texts.length
}

/** About as wide as it is drawn: capitals and Chinese letters take more. */
const letterPixels = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 12.5 : /[A-Zmw]/.test(letter) ? 10 : /[\s.·:il-]/.test(letter) ? 4.3 : 7.4), 0)
