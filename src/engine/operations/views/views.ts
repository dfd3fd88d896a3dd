import type { ClusterRow, ClusterView, DetectionView, FindingView, FleetView, RecoverySummary, ServersView, ServerView, TargetView } from '../../../contract/views.ts'
import { judgeTargets } from '../../../model/planning/targets.ts'
import type { BlockedRecovery, Recovery } from '../../../model/recovery/records.ts'
import { clusterAlias, clusterOfHint } from '../../../model/topology/cluster-hint.ts'
import { isDowntimed } from '../../../model/topology/freshness.ts'
import { isLastCheckValid } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import { recoversOf } from '../handlers/clusters.ts'
import type { OperationParts } from '../parts.ts'
import type { RecentRecoveries } from '../recent-recoveries.ts'
import type { PastServer } from '../../../model/history/past-server.ts'
import { clusterRow } from './cluster-row.ts'
import { detectionView } from './detection-view.ts'
import { findingViews } from './finding-view.ts'
import { Labels } from './labels.ts'
import { pastServer } from './past-server.ts'
import { recoverySummary } from './recovery-view.ts'
import { serverView } from './server-view.ts'

/** Servers whose targets are judged together. */
export const judgedTogetherMax = 200
/** Recoveries shown with a cluster. */
const recoveriesShown = 20
/** Changes of diagnoses that are looked through, the newest. */
const changesMax = 10_000

/** The shapes of API version 2, from the current topology, findings and recoveries. */
export class Views {
  readonly #parts: OperationParts
  readonly #recent: RecentRecoveries
  readonly #labels: Labels
  #aliases: { readonly of: Topology | null; readonly byCluster: Map<string, string> } = { of: null, byCluster: new Map() }
  readonly #lastBlocked = new Map<string, readonly BlockedRecovery[]>()

  constructor(parts: OperationParts, recent: RecentRecoveries) {
    this.#parts = parts
    this.#recent = recent
    this.#labels = new Labels(parts.store, parts.clock)
  }

  fleet(): FleetView {
    const topology = this.#parts.topology()
    const findings = this.findings()
    return { snapshot: topology.number, clusters: [...topology.clusters.keys()].sort().map(name => this.row(topology, name, findings)) }
  }

  row(topology: Topology, name: string, findings: readonly FindingView[] = this.findings()): ClusterRow {
    const policy = this.#parts.policy()
    const cluster = { name, alias: clusterAlias(topology, name) }
    const [last] = this.#recoveriesOf(topology, name)
    return clusterRow(topology, name, {
      ...recoversOf(cluster, policy),
      findings: findings.filter(finding => finding.clusterName === name), lastRecovery: last === undefined ? null : this.summary(last),
      unpublished: this.#parts.unpublished(name).map(({ target, text }) => ({ place: target, text })),
    }, policy, this.#parts.clock.now())
  }

  findings(): readonly FindingView[] {
    const topology = this.#parts.topology()
    return this.#parts.foreseen().flatMap(foreseen => findingViews(topology, foreseen))
  }

  server(topology: Topology, key: InstanceKey): ServerView | null {
    const instance = topology.get(key)
    return instance === undefined ? null : serverView(topology, instance, this.#labels.of(key), this.#parts.policy(), this.#parts.clock.now())
  }

  /** What is remembered of a server for the history; null: it is not known. */
  past(topology: Topology, key: InstanceKey): PastServer | null {
    const instance = topology.get(key)
    return instance === undefined ? null : pastServer(topology, instance, this.#aliasIn(topology, instance.clusterName), this.#parts.policy(), this.#parts.clock.now())
  }

  /** Looked for once a cluster and snapshot: for a cluster without one, all its servers are asked. */
  #aliasIn(topology: Topology, clusterName: string): string {
    if (this.#aliases.of !== topology) this.#aliases = { of: topology, byCluster: new Map() }
    const { byCluster } = this.#aliases
    const alias = byCluster.get(clusterName) ?? clusterAlias(topology, clusterName)
    byCluster.set(clusterName, alias)
    return alias
  }

  summary(recovery: Recovery): RecoverySummary {
    return recoverySummary(recovery, this.#recent.newestStep(recovery.uid))
  }

  /** Everything the page of one cluster shows; null when nothing is known by that name. */
  async cluster(hint: string): Promise<ClusterView | null> {
    const topology = this.#parts.topology()
    const found = this.#find(topology, hint)
    if (found === null) return null
    const { name } = found
    const [policy, now] = [this.#parts.policy(), this.#parts.clock.now()]
    const findings = this.findings()
    const [blocked] = await Promise.all([this.#blockedIn(name), this.#labels.read()])
    return {
      ...this.row(topology, name, findings), snapshot: topology.number,
      members: (topology.clusters.get(name) ?? []).map(instance => serverView(topology, instance, this.#labels.of(instance.key), policy, now)),
      allFindings: findings.filter(finding => finding.clusterName === name),
      recoveries: this.#recoveriesOf(topology, name).toSorted((left, right) => weight(right) - weight(left)).slice(0, recoveriesShown).map(recovery => this.summary(recovery)),
      blocked: blocked.map(({ key, code, blockingRecoveryId }) => ({ server: key, code, blockedBy: blockingRecoveryId })),
      formerName: found.formerly,
    }
  }

  /** As they were last read, while the store cannot be asked: the page of a cluster is looked at just then. */
  async #blockedIn(clusterName: string): Promise<readonly BlockedRecovery[]> {
    try {
      const blocked = await this.#parts.store.recoveries.blocked({ clusterName })
      if (blocked.length > 0) this.#lastBlocked.set(clusterName, blocked)
      else this.#lastBlocked.delete(clusterName)
      return blocked
    } catch {
      return this.#lastBlocked.get(clusterName) ?? [] // the page Status says that the store fails
    }
  }

  servers(): ServersView {
    const topology = this.#parts.topology()
    const [policy, now] = [this.#parts.policy(), this.#parts.clock.now()]
    return { snapshot: topology.number, servers: [...topology.instances.values()].map(instance => serverView(topology, instance, this.#labels.of(instance.key), policy, now)) }
  }

  /** Failures that were noticed, newest first, with how each diagnosis changed and the recovery that it began. */
  async detections(filter: { readonly page: number; readonly id?: number; readonly clusterAlias?: string }): Promise<readonly DetectionView[]> {
    const { store } = this.#parts
    const [noticed, changes] = await Promise.all([store.detections.list(filter), store.analysisChanges.changes(changesMax)])
    return noticed.map(detection => detectionView(detection, changes, this.#recent.list.find(({ detectionId }) => detectionId === detection.id)))
  }

  /** Of all replicas of a server, moved together; of very many the first, since the plan judges each. */
  targetsOfReplicas(source: InstanceKey): readonly TargetView[] {
    const replicas = this.#parts.topology().replicasOf(source).map(({ key }) => key).slice(0, judgedTogetherMax)
    return judgeTargets(this.#parts.topology(), replicas, this.#parts.policy().relocate, this.#parts.clock.now(), { withoutTarget: true }).filter(({ target }) => target !== source)
  }

  targets(servers: readonly InstanceKey[]): readonly TargetView[] {
    return judgeTargets(this.#parts.topology(), servers, this.#parts.policy().relocate, this.#parts.clock.now())
  }

  /** By its present name, or by one that it had: the server that gave it was replaced, and stays behind alone. */
  #find(topology: Topology, hint: string): { readonly name: string; readonly formerly: ClusterView['formerName'] } | null {
    const present = clusterOfHint(topology, hint)
    const successor = this.#recent.list.find(({ clusterName, key, successor }) => (clusterName === hint || key === hint) && successor !== null)
    const now = successor?.successor ? topology.get(successor.successor)?.clusterName : undefined
    if (successor !== undefined && now !== undefined && now !== hint && (!present.ok || (present.value === hint && isLeftBehind(topology, hint, this.#parts.clock.now())))) {
      return { name: now, formerly: { asked: hint, recoveryUid: successor.uid } }
    }
    return present.ok ? { name: present.value, formerly: null } : null
  }

  #recoveriesOf(topology: Topology, name: string): readonly Recovery[] {
    const alias = clusterAlias(topology, name)
    return this.#recent.list.filter(
      recovery =>
        recovery.clusterName === name || (alias !== name && recovery.clusterAlias === alias) ||
        (recovery.successor !== null && topology.get(recovery.successor)?.clusterName === name),
    )
  }
}

/** Running ones first, then those that nobody acknowledged. */
const weight = (recovery: Recovery): number => (recovery.endedAt === null ? 2 : recovery.acknowledged === null ? 1 : 0)

function isLeftBehind(topology: Topology, name: string, now: number): boolean {
  const members = topology.clusters.get(name) ?? []
  return members.every(member => !isLastCheckValid(member) || isDowntimed(member, now))
}
