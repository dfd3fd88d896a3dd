/** What a figure tells: how often something happened since the start, or how much there is now. */
export interface FigureFacts {
  readonly kind: 'counter' | 'gauge'
  readonly says: string
  /** Only where dead servers have a queue of their own (DeadInstanceDiscoveryMaxConcurrency above 0). */
  readonly onlyWithDeadQueue?: true
}

type FactsOf<Kind extends FigureFacts['kind']> = FigureFacts & { readonly kind: Kind }
const counter = (says: string): FactsOf<'counter'> => ({ kind: 'counter', says })
const gauge = (says: string): FactsOf<'gauge'> => ({ kind: 'gauge', says })

/** The original's figures, by the names that `/debug/metrics`, Graphite and dashboards have for them. */
export const figures = {
  'discoveries.attempt': counter('Polls begun.'),
  'discoveries.fail': counter('Polls without a result.'),
  'discoveries.instance_poll_seconds_exceeded': counter('Readings that took longer than InstancePollSeconds.'),
  'discoveries.queue_length': gauge('Servers that wait in the queue of polls.'),
  'discoveries.recent_count': gauge('Servers read within the last InstancePollSeconds.'),
  'discoveries.dead_instances': counter('Servers that were found dead, each time anew.'),
  'discoveries.dead_instances_queue_length': { ...gauge('Servers that wait in the queue of dead ones.'), onlyWithDeadQueue: true },
  'elect.is_elected': gauge('1: this process acts for all managers.'),
  'health.is_healthy': gauge('1: the last heartbeat was written to the store.'),
  'raft.is_healthy': gauge('1: this member is part of a healthy group.'),
  'raft.is_leader': gauge('1: this member leads the group.'),
  'instance.access_denied': counter('Readings that the server refused for user, password or privileges.'),
  'instance.read': counter('Records of servers read from the store.'),
  'instance.read_topology': counter('Readings of servers, polls and looks out of turn.'),
  'instance.write': counter('Records of servers written to the store.'),
  'instance_tls.read': counter('Questions whether a server demands TLS to which no answer was known.'),
  'instance_tls.read_cache': counter('Questions whether a server demands TLS.'),
  'instance_tls.write': counter('Servers found to demand TLS, or to refuse an account with it as well.'),
  'instance_tls.write_cache': counter('The same: it is kept in memory alone.'),
  'resolve.read_resolved': counter('Single resolved host names looked up.'),
  'resolve.read_resolved_all': counter('Readings of all resolved host names from the store.'),
  'resolve.read_unresolved': counter('Readings of the virtual host names from the store.'),
  'resolve.write_resolved': counter('Resolved host names written to the store.'),
  'resolve.write_unresolved': counter('Virtual host names registered or ended.'),
  'audit.write': counter('Audited operations, wherever they are written to.'),
  'analysis.change.write.attempt': counter('Changes of what is found of a server, to be written to the store.'),
  'analysis.change.write': counter('Those that were written.'),
  'recover.pending': gauge('Recoveries under way.'),
  'recover.dead_master.start': counter('Recoveries of a primary begun.'),
  'recover.dead_master.success': counter('Those that promoted a server.'),
  'recover.dead_master.fail': counter('Those that did not.'),
  'recover.dead_intermediate_master.start': counter('Recoveries of an intermediate source begun.'),
  'recover.dead_intermediate_master.success': counter('Those that succeeded.'),
  'recover.dead_intermediate_master.fail': counter('Those that did not.'),
  'recover.dead_co_master.start': counter('Recoveries of one of two co-primaries begun.'),
  'recover.dead_co_master.success': counter('Those that succeeded.'),
  'recover.dead_co_master.fail': counter('Those that did not.'),
  'recover.dead_replication_group_member.start': counter('Recoveries of a member of a replication group begun.'),
  'recover.dead_replication_group_member.success': counter('Those that succeeded.'),
  'recover.dead_replication_group_member.fail': counter('Those that did not.'),
} as const satisfies Readonly<Record<string, FigureFacts>>

export type FigureName = keyof typeof figures

/** Names of one kind. */
type NamesOf<Kind extends FigureFacts['kind']> = { [Name in FigureName]: (typeof figures)[Name]['kind'] extends Kind ? Name : never }[FigureName]
export type CounterName = NamesOf<'counter'>
export type GaugeName = NamesOf<'gauge'>

/** The same table for code that goes through all of it. */
export const figureList: readonly (readonly [FigureName, FigureFacts])[] =
  Object.entries(figures) as [FigureName, FigureFacts][] // Object.entries forgets the names
