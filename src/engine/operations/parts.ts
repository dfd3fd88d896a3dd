import type { SubmittedPair } from '../../contract/publication.ts'
import type { NodeHealth } from '../../contract/service.ts'
import type { RecoveryDryRunView } from '../../contract/views.ts'
import type { Reason } from '../../kit/reason.ts'
import type { Result } from '../../kit/result.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import type { PromotionPolicy } from '../../model/planning/promote-policy.ts'
import type { RelocatePolicy } from '../../model/planning/relocate-judgement.ts'
import type { SemiSyncPolicy } from '../../model/planning/semi-sync-roles.ts'
import type { ClusterFilter } from '../../model/recovery/cluster-filters.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import type { FreshnessPolicy } from '../../model/topology/freshness.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { BinaryLogs } from '../../ports/binary-logs.ts'
import type { Cloning } from '../../ports/cloning.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PlaceOutcome } from '../../ports/publication.ts'
import type { Servers } from '../../ports/servers.ts'
import type { RecoveryFilter, Store } from '../../ports/store.ts'
import type { Execution } from '../execution/execution.ts'
import type { Equivalences } from '../positions/equivalences.ts'
import type { Journal } from '../journal/journal.ts'
import type { Matcher } from '../pseudo-gtid/matcher.ts'
import type { DeposedPrimary } from '../recovery/deposed.ts'
import type { DryRunWish } from '../recovery/dry-run.ts'
import type { DurabilityRule } from '../recovery/durability.ts'
import type { ForcedRequest } from '../recovery/forced.ts'
import type { TakeoverRequest } from '../recovery/graceful-takeover.ts'
import type { TakeoverPreview } from '../recovery/takeovers.ts'
import type { AgentParts } from './agent-parts.ts'
import type { DoctorParts } from './doctor-parts.ts'
import type { ConfigurationParts } from './configuration-parts.ts'
import type { FactParts } from './fact-parts.ts'
import type { GroupParts } from './group-parts.ts'
import type { ForeseenFinding } from './views/finding-view.ts'

/** What the handlers decide by, from the settings; read anew for each request, since settings are reloaded. */
export interface OperationsPolicy extends FreshnessPolicy {
  /** The filters as configured, and as they are understood. */
  readonly recoverPrimary: { readonly texts: readonly string[]; readonly filters: readonly ClusterFilter[] }
  readonly recoverIntermediate: { readonly texts: readonly string[]; readonly filters: readonly ClusterFilter[] }
  readonly recoveryIgnoredHosts: readonly string[]
  /** Hosts that `problems` leaves out. */
  readonly problemIgnoredHosts: readonly RegExp[]
  readonly defaultPort: number
  readonly useSuperReadOnly: boolean
  /** Who acknowledges, judged whenever a replica starts. */
  readonly semiSync: SemiSyncPolicy
  /** Hosts that are never suggested for an online schema change to watch. */
  readonly controlIgnoredHosts: readonly RegExp[]
  /** Members of pools may be given by a part of their name. */
  readonly fuzzyPoolHosts: boolean
  readonly candidateExpireMinutes: number
  readonly durability: readonly DurabilityRule[]
  readonly relocate: RelocatePolicy
  /** Who may lead others when replicas are regrouped. */
  readonly promotion: PromotionPolicy
}

export interface RecoveryRequest {
  readonly candidate: InstanceKey | null
  readonly runHooks: boolean
  readonly by: string
  /** Why acknowledged writes may be lost that a durability policy would protect. */
  readonly why?: string
}

/** Recoveries on command. Null: nothing is wrong with the server, so that nothing was attempted. */
export interface RecoveryCommands {
  recover(key: InstanceKey, request: RecoveryRequest): Promise<Result<Recovery | null, Reason>>
  gracefulTakeover(clusterName: string, request: TakeoverRequest): Promise<Result<Recovery, Reason>>
  dryRun(key: InstanceKey, wish?: DryRunWish): Promise<RecoveryDryRunView>
  /** Primaries that were replaced and follow nobody yet. */
  deposed(): readonly DeposedPrimary[]
  forceFailover(clusterName: string, request: ForcedRequest): Promise<Result<Recovery, Reason>>
  dryRunForced(clusterName: string, request: ForcedRequest): Promise<Result<RecoveryDryRunView, Reason>>
  previewTakeover(clusterName: string, request: TakeoverRequest): Promise<Result<TakeoverPreview, Reason>>
}

/** Everything that handlers reach for. */
export interface OperationParts {
  topology(): Topology
  policy(): OperationsPolicy
  readonly clock: Clock
  readonly store: Store
  readonly journal: Journal
  readonly execution: Execution
  readonly recoveries: RecoveryCommands
  readonly statements: Servers['statements']
  readonly binaryLogs: BinaryLogs
  readonly cloning: Cloning
  /** Places of different logs that are the same. */
  readonly equivalences: Pick<Equivalences, 'of' | 'find'>
  /** Finds places in logs by Pseudo-GTID. */
  readonly matcher: Matcher
  readonly facts: FactParts
  readonly doctor: DoctorParts
  readonly agents: AgentParts
  /** The canonical name of a key. */
  resolve(key: InstanceKey): Promise<Result<InstanceKey, ServerFailure>>
  /** Reads a server now and remembers it, whatever it is; null when settings say not to. */
  discover(key: InstanceKey): Promise<Result<Instance | null, ServerFailure>>
  /** Reads again, at the same time, what plans are made from. */
  readAgain(keys: readonly InstanceKey[]): Promise<void>
  /** Current findings, those without failure and warning left out; downtimed ones included. */
  findings(): readonly Finding[]
  foreseen(): readonly ForeseenFinding[]
  acknowledge(where: RecoveryFilter & { readonly key?: InstanceKey }, by: { readonly at: number; readonly by: string; readonly comment: string }): Promise<number>
  /** Runs the hooks for a replica that took the place of its source; what fails is logged. */
  tookSource(successor: InstanceKey, demoted: InstanceKey): Promise<void>
  /** Who takes the writes of a cluster, as load balancers are told; null: nobody. */
  writerOf(clusterName: string): InstanceKey | null
  /** Places that do not say who takes the writes of a cluster, with what failed. */
  unpublished(clusterName: string): readonly { readonly target: string; readonly text: string }[]
  /** Tells all places who takes the writes of all clusters, or of one; waits a bounded time. */
  submitWriters(clusterName: string | null): Promise<{ readonly pairs: readonly SubmittedPair[]; readonly outcomes: readonly PlaceOutcome[] }>
  audit(kind: string, key: InstanceKey | null, message: string): void
  health(): Promise<NodeHealth>
  /** This process may act (it leads). */
  isLeader(): boolean
  readonly group: GroupParts
  readonly configuration: ConfigurationParts
}

