import { type Act, answering, isSilent, replicaOr } from './act.ts'
import { moveOperations } from './move-methods.ts'

const hasReplicas = { isOffered: (server: { readonly replicas: readonly string[] }) => server.replicas.length > 0 }
const belowReplica = replicaOr(server => (server.depth > 1 ? null : 'belowPrimary'))
const group = 'groupMove'
const submenu = 'moreMoves'

/** Who follows whom. A source that is silent can still lose its replicas to another: those acts judge the replicas. */
export const moveActs: readonly Act[] = [
  { group, does: 'dialog', name: 'move', operations: moveOperations('server'), open: server => ({ kind: 'move', what: 'server', server }), whyNot: replicaOr() },
  {
    group,
    does: 'dialog',
    name: 'moveReplicas',
    operations: moveOperations('replicas'),
    open: server => ({ kind: 'move', what: 'replicas', server }),
    whyNot: () => null,
    ...hasReplicas,
  },
  { group, submenu, does: 'plan', name: 'moveUp', operation: 'move-up', whyNot: belowReplica },
  {
    group,
    submenu,
    does: 'plan',
    name: 'moveUpReplicas',
    operation: 'move-up-replicas',
    fields: [{ name: 'pattern', kind: 'text', label: 'pattern', hint: 'patternHint' }],
    whyNot: server => (server.replication === null ? 'noSource' : null),
    ...hasReplicas,
  },
  { group, submenu, does: 'plan', name: 'matchUp', operation: 'match-up', whyNot: belowReplica },
  {
    group,
    submenu,
    does: 'plan',
    name: 'matchUpReplicas',
    operation: 'match-up-replicas',
    fields: [{ name: 'pattern', kind: 'text', label: 'pattern', hint: 'patternHint' }],
    whyNot: server => (server.replication === null ? 'noSource' : null),
    ...hasReplicas,
  },
  { group, submenu, does: 'plan', name: 'rematch', operation: 'rematch', whyNot: replicaOr() },
  { group, submenu, does: 'plan', name: 'takeSiblings', operation: 'take-siblings', whyNot: replicaOr() },
  { group, submenu, does: 'plan', name: 'takeSource', operation: 'take-source', whyNot: belowReplica },
  { group, submenu, does: 'plan', name: 'makeLocalPrimary', operation: 'make-local-primary', whyNot: belowReplica },
  { group, submenu, does: 'plan', name: 'regroup', operation: 'regroup-replicas', whyNot: () => null, ...hasReplicas },
  { group, submenu, does: 'plan', name: 'regroupGtid', operation: 'regroup-replicas-gtid', whyNot: () => null, ...hasReplicas },
  { group, submenu, does: 'plan', name: 'regroupPgtid', operation: 'regroup-replicas-pgtid', whyNot: () => null, ...hasReplicas },
  { group, submenu, does: 'plan', name: 'regroupBls', operation: 'regroup-replicas-bls', whyNot: () => null, ...hasReplicas },
  {
    group,
    submenu,
    does: 'plan',
    name: 'makeCoPrimary',
    operation: 'make-co-primary',
    typed: 'server',
    whyNot: (server, cluster) => replicaOr(({ source }) => (source === cluster.primary?.key ? null : 'notBelowPrimary'))(server),
  },
  {
    group,
    submenu,
    does: 'plan',
    name: 'makePrimary',
    operation: 'make-primary',
    typed: 'cluster',
    whyNot: (server, cluster) =>
      replicaOr(({ source }) => {
        const above = cluster.members.find(({ key }) => key === source)
        return above !== undefined && !isSilent(above) ? 'sourceAnswers' : null
      })(server),
  },
  {
    group,
    does: 'dialog',
    name: 'takeover',
    operations: ['graceful-takeover', 'graceful-takeover-auto'],
    open: (server, cluster) => ({ kind: 'takeover', cluster, to: server.key }),
    whyNot(server, cluster) {
      if (cluster.primary === null) return 'noPrimary'
      if (server.key === cluster.primary.key) return 'isPrimary'
      if (cluster.primary.status.code === 'unreachable') return 'primaryDead'
      return server.source === cluster.primary.key ? answering()(server) : 'notBelowPrimary'
    },
  },
  {
    group,
    does: 'dialog',
    name: 'whatIf',
    operations: ['what-if'],
    open: server => ({ kind: 'what-if', about: { instance: server.key } }),
    isReading: true,
    whyNot: () => null,
    ...hasReplicas,
  },
  {
    group,
    does: 'dialog',
    name: 'recover',
    operations: ['recover', 'recover-lite'],
    open: (server, cluster) => ({ kind: 'recover', server: server.key, clusterName: cluster.name, clusterAlias: cluster.alias }),
    whyNot: (server, cluster) =>
      isSilent(server) || cluster.allFindings.some(finding => finding.server === server.key && finding.severity === 'critical') ? null : 'reachable',
  },
]
