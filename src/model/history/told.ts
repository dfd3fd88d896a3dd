import type { InstanceKey } from '../topology/instance-key.ts'
import { identitiesOf, type PastFact, type PastServer } from './past-server.ts'
import { changedFacts, type Picture } from './picture.ts'

export type ToldKind =
  | 'came' | 'went' | 'source' | 'role' | 'status' | 'read-only' | 'version' | 'alias' | 'cluster' | 'cluster-alias' | 'promotion-rule' | 'downtime' | 'maintenance'
  | 'semi-sync' | 'gtid' | 'logging' | 'delay' | 'filters' | 'channels' | 'site' | 'group'

/** One change as people read it: the same from and to of every server that is named. Values are as the program says them; the page has words for them. */
export interface ToldChange {
  readonly at: number
  readonly kind: ToldKind
  readonly servers: readonly InstanceKey[]
  /** '' where there was, or is, nothing. */
  readonly from: string
  readonly to: string
}

type Teller = readonly [kind: ToldKind, value: (server: PastServer) => string]

const onOff = (is: boolean): string => (is ? 'on' : 'off')

/** Facts that are told together have the same line; null: another line tells of it already. */
const tellers: Readonly<Record<PastFact, Teller | null>> = {
  source: ['source', ({ source }) => source ?? ''],
  role: ['role', ({ role }) => role],
  statuses: ['status', identitiesOf],
  readOnly: ['read-only', readOnlyOf],
  superReadOnly: ['read-only', readOnlyOf],
  version: ['version', ({ version }) => version],
  flavour: ['version', ({ version }) => version],
  alias: ['alias', ({ alias }) => alias],
  clusterName: ['cluster', ({ clusterName }) => clusterName],
  clusterAlias: ['cluster-alias', ({ clusterAlias, clusterName }) => (clusterAlias === clusterName ? '' : clusterAlias)],
  promotionRule: ['promotion-rule', ({ promotionRule }) => promotionRule],
  downtime: ['downtime', ({ downtime }) => (downtime === null ? '' : `${downtime.owner}: ${downtime.reason}`)],
  maintenance: ['maintenance', ({ maintenance }) => (maintenance === null ? '' : `${maintenance.owner}: ${maintenance.reason}`)],
  semiSync: ['semi-sync', semiSyncOf],
  gtid: ['gtid', ({ gtid }) => gtid],
  logBin: ['logging', loggingOf],
  logReplicaUpdates: ['logging', loggingOf],
  binlogFormat: ['logging', loggingOf],
  delaySeconds: ['delay', ({ delaySeconds }) => String(delaySeconds)],
  hasFilters: ['filters', ({ hasFilters }) => onOff(hasFilters)],
  channels: ['channels', ({ channels }) => (channels > 1 ? String(channels) : '')],
  group: ['group', ({ group }) => group?.name ?? ''],
  dataCenter: ['site', ({ dataCenter }) => dataCenter],
  isDetached: null, // its source says so
  depth: null, // follows from the sources
  receiver: null, // the statuses say it
  applier: null,
}

function readOnlyOf({ readOnly, superReadOnly }: PastServer): string {
  return !readOnly ? 'writable' : superReadOnly ? 'super-read-only' : 'read-only'
}

/** `source 2/1`: two replicas acknowledge, and one is waited for. */
function semiSyncOf({ semiSync }: PastServer): string {
  if (semiSync === null) return ''
  return [...(semiSync.sourceEnabled ? [`source ${semiSync.clients}/${semiSync.waitFor}`] : []), ...(semiSync.replicaEnabled ? ['replica'] : [])].join(', ')
}

function loggingOf({ logBin, logReplicaUpdates, binlogFormat }: PastServer): string {
  return !logBin ? 'off' : logReplicaUpdates ? `${binlogFormat} replica-updates` : binlogFormat
}

/** What is said first; the rest follows in this order. */
const order: readonly ToldKind[] = [
  'came', 'went', 'source', 'role', 'read-only', 'status', 'cluster', 'cluster-alias', 'alias', 'promotion-rule', 'downtime', 'maintenance', 'semi-sync', 'gtid', 'logging',
  'version', 'delay', 'filters', 'channels', 'site', 'group',
]

/** All that differs between two pictures, the same change of several servers in one line. */
export function toldBetween(before: Picture, after: Picture, at: number): readonly ToldChange[] {
  const grouped = new Map<string, { readonly change: Omit<ToldChange, 'servers'>; readonly servers: InstanceKey[] }>()
  const tell = (kind: ToldKind, server: InstanceKey, from: string, to: string): void => {
    if (from === to && kind !== 'came' && kind !== 'went') return
    const name = JSON.stringify([kind, from, to])
    const known = grouped.get(name)
    if (known === undefined) grouped.set(name, { change: { at, kind, from, to }, servers: [server] })
    else if (known.servers.at(-1) !== server) known.servers.push(server) // two facts may be told by one line
  }
  for (const server of after.values()) {
    const was = before.get(server.key)
    if (was === undefined) tell('came', server.key, '', server.source ?? '')
    else for (const fact of changedFacts(was, server)) {
      const teller = tellers[fact]
      if (teller !== null) tell(teller[0], server.key, teller[1](was), teller[1](server))
    }
  }
  for (const was of before.values()) if (!after.has(was.key)) tell('went', was.key, was.source ?? '', '')
  return [...grouped.values()]
    .map(({ change, servers }): ToldChange => ({ ...change, servers }))
    .toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind))
}
