import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { Finding, Remedy } from '../../model/analysis/finding.ts'
import type { HookOccasion } from '../../model/recovery/hook-values.ts'
import { type HookMoment, listsAt } from '../../model/recovery/hook-lists.ts'
import { recoveryMethodOf, remedies } from '../../model/recovery/remedies.ts'
import type { Recovery, RecoveryOccasion } from '../../model/recovery/records.ts'
import { lostInRecoveryDowntime, serversLost } from '../../model/recovery/lifecycle.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Lock } from '../execution/server-locks.ts'
import { type ClusterLease, ClusterLeases } from './cluster-leases.ts'
import { engineReason } from './engine-reasons.ts'
import type { Fleet } from './fleet.ts'
import { Hooks } from './hooks.ts'
import { howItStands, howItStood } from './how-it-stood.ts'
import type { Ledger } from './ledger.ts'
import { occasionOf, withSuccessor } from './occasion.ts'
import type { RecoveryParts } from './parts.ts'
import { makeWritable } from './make-writable.ts'
import type { Policies } from './policies.ts'
import type { Asked, Outcome, RemedyWork } from './remedy-job.ts'
import { repairSemiSync } from './repair-semi-sync.ts'
import { replaceCoPrimary } from './replace-co-primary.ts'
import { replaceGroupMember } from './replace-group-member.ts'
import { replaceIntermediate } from './replace-intermediate.ts'
import { replacePrimary } from './replace-primary.ts'
import { RecoveryStory, type StepListener } from './story.ts'
import { tookSourceHooks } from './took-source-hooks.ts'

export type Attempt =
  | { readonly state: 'not-attempted'; readonly because: string }
  | { readonly state: 'attempted'; readonly recovery: Recovery; readonly calledOff?: Reason }

/** How each remedy is carried out. A new one is one entry here. */
const works: Readonly<Record<Remedy, RemedyWork>> = {
  'promote-replica': replacePrimary, 'promote-co-primary': replaceCoPrimary, 'replace-intermediate': replaceIntermediate,
  'relocate-group-replicas': replaceGroupMember, 'repair-semi-sync': repairSemiSync, 'make-writable': makeWritable,
}

/** How long a recovery waits for a change of the same servers that was asked to stop. */
const takeOverWaitMilliseconds = 1000
/** A full look at the promoted server, for its coordinates. */
const successorLookMilliseconds = 2000
/** Whoever asked for a recovery is answered with it when it is over; nobody asks later. */
const occasionsKept = 20

/** Carries out one recovery from its registration to its last hook. Deciding whether to is done before (engine.ts). */
export class Recoverer {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #ledger: Ledger
  readonly #tell: StepListener
  readonly hooks: Hooks
  readonly #leases: ClusterLeases
  /** By the recovery that holds them. */
  readonly #held = new Map<string, ClusterLease>()
  readonly #occasions = new Map<string, RecoveryOccasion>()

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet, ledger: Ledger, tell: StepListener) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#ledger = ledger
    this.#tell = tell
    this.#leases = new ClusterLeases(parts.store.leases, parts.clock, parts.node)
    this.hooks = new Hooks(parts.processes, parts.log, parts.settings)
  }

  /** Of a new recovery, or of one that an earlier run of the program began. */
  newStory(ofUid?: string): RecoveryStory {
    const { clock, random, log, store } = this.#parts
    // The original's form: nanoseconds since 1970 and 64 hexadecimal digits.
    const uid = ofUid ?? `${clock.now()}000000:${random.hex(32)}`
    return new RecoveryStory({ uid, clock, log, tell: this.#tell, write: step => store.recoveries.appendStep(step) })
  }

  /** Why not: another recovery of the server is registered, or another process recovers in this cluster. With it the cluster's lease is taken, until the end. */
  async register(finding: Finding, remedy: Remedy, asked: Asked, story: RecoveryStory, detectionId: number): Promise<Result<Recovery, Reason>> {
    const { node, clock } = this.#parts
    const topology = this.#fleet.topology()
    const lease = await this.#leases.take(finding.clusterName)
    if ('heldBy' in lease) return fail(engineReason('lease-held', { hostname: lease.heldBy.hostname, cluster: finding.clusterName }))
    const registered = await this.#ledger.register({
      uid: story.uid, key: finding.key, code: finding.code, kind: remedies[remedy].kind, method: recoveryMethodOf(remedy, finding.facts),
      command: asked.command, startedBy: asked.by, clusterName: finding.clusterName, clusterAlias: topology.aliasOf(finding.clusterName), replicas: finding.replicas,
      successor: null, successorAlias: '', successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [],
      startedAt: clock.now(), endedAt: null, acknowledged: null, detectionId, nodeHostname: node.hostname, nodeToken: node.token,
    })
    if (registered === null) {
      await lease.release()
      return fail(engineReason('not-registered', { server: finding.key }))
    }
    this.#held.set(story.uid, lease)
    this.#occasions.set(story.uid, { finding, instance: topology.get(finding.key) ?? null, serversOfCluster: topology.clusters.get(finding.clusterName)?.length ?? 0 })
    for (const uid of [...this.#occasions.keys()].slice(0, -occasionsKept)) this.#occasions.delete(uid)
    return ok(registered)
  }

  /** Null for one that another process decided, or long ago. */
  decisionOf(uid: string): RecoveryOccasion | null {
    return this.#occasions.get(uid) ?? null
  }

  /** The lease of a cluster for what an earlier run of the program left behind; null while somebody else has it. */
  async leaseOf(clusterName: string): Promise<ClusterLease | null> {
    const lease = await this.#leases.take(clusterName)
    return 'heldBy' in lease ? null : lease
  }

  occasion(finding: Finding, asked: Pick<Asked, 'command'>, recoveryUid: string): HookOccasion {
    // `recover` names no command to hooks; only the commands of a takeover or a forced failover do.
    const command = asked.command.startsWith('recover') ? '' : asked.command
    return occasionOf(finding, this.#fleet.topology(), this.#policies.recovery, { command, node: this.#parts.node.hostname, recoveryUid })
  }

  /** Runs all lists of a moment; the failure of one that aborts is answered. */
  async runHooks(moment: HookMoment, remedy: Remedy, occasion: HookOccasion, asked: Asked, story: RecoveryStory): Promise<string | null> {
    if (!asked.runHooks || (this.#parts.changesNothing === true && !isTakenOrForced(asked))) return null
    for (const list of listsAt(moment, remedy)) {
      const failure = await this.hooks.run(list, occasion, story)
      if (failure !== null) return failure
    }
    return null
  }

  async carryOut(finding: Finding, remedy: Remedy, registered: Recovery, asked: Asked, story: RecoveryStory): Promise<Attempt> {
    const { plan } = remedies[remedy]
    const { clusterName, key, code } = finding
    story.note('begin', `will handle ${code} event on ${clusterName}`, key, 'started')
    this.tellHowItStood(finding, replacesPrimary(remedy), story)
    this.#parts.audit.write(auditKinds[remedy], key, clusterName, 'problem found; will recover')
    if (this.#parts.changesNothing === true) story.note('begin', 'noop: no server is changed, signalling error but nothing went wrong')
    const occasion = this.occasion(finding, asked, story.uid)
    const forbids = async (): Promise<Reason | null> => {
      const failure = await this.runHooks('before', remedy, occasion, asked, story)
      return failure === null ? null : engineReason('hook-failed', { text: failure })
    }
    // What may be called off is announced to nobody: the hooks run when it is sure, and until then nothing is done that stays.
    const whenSure = asked.rechecks === true && replacesPrimary(remedy)
    const forbidden = whenSure ? null : await forbids()
    if (forbidden !== null) return this.#abort(remedy, registered, asked, story, occasion, forbidden)
    story.note('begin', `${plan}: will recover ${key}`, key)
    const leads = (successor: InstanceKey): void => this.#ledger.leads(story.uid, successor)
    const outcome = await this.locked(finding, story, lock =>
      works[remedy]({ parts: this.#parts, policies: { ...this.#policies }, fleet: this.#fleet, finding, registered, asked, story, lock, leads, ...(whenSure ? { forbids } : {}) }))
    if (outcome.forbidden !== undefined) return this.#abort(remedy, registered, asked, story, occasion, outcome.forbidden)
    const recovery = await this.conclude(finding, remedy, registered, asked, story, occasion, outcome)
    return { state: 'attempted', recovery, ...(outcome.calledOff === undefined ? {} : { calledOff: outcome.calledOff }) }
  }

  /** For the story of the failure, before anything is changed. */
  tellHowItStood(finding: Finding, isLost: boolean, story: RecoveryStory): void {
    story.tell('begin', () => howItStood(this.#fleet.topology(), finding, isLost))
  }

  /** A hook said no: the record ends, and blocks others for its time. */
  async #abort(remedy: Remedy, registered: Recovery, asked: Asked, story: RecoveryStory, occasion: HookOccasion, { text }: Reason): Promise<Attempt> {
    const aborted: Recovery = { ...registered, errors: [text], endedAt: this.#parts.clock.now() }
    await this.#ledger.finish(aborted)
    await this.#remember(story, () => this.#endIntents(story.uid))
    await this.#giveBack(story.uid)
    if (remedies[remedy].whenHookBeforeFails === 'not-attempted') return { state: 'not-attempted', because: text }
    await this.runHooks('failed', remedy, occasion, asked, story)
    return { state: 'attempted', recovery: aborted }
  }

  /** The server and its replicas are changed by nobody else meanwhile. */
  async locked(finding: Finding, story: RecoveryStory, act: (lock: Lock) => Promise<Outcome>): Promise<Outcome> {
    const topology = this.#fleet.topology()
    // One of the replicas of a binlog server may take over.
    const replicas = topology.replicasOf(finding.key).flatMap(replica => [replica, ...(replica.isBinlogServer ? topology.replicasOf(replica.key) : [])]).map(({ key }) => key)
    const servers = await this.#parts.execution.locks.takeOver([finding.key, ...replicas], `recovery ${story.uid}`, takeOverWaitMilliseconds)
    const lease = this.#held.get(story.uid)
    const lock: Lock = lease === undefined ? servers : { ...servers, fence: () => lease.fence() }
    try {
      const outcome = await act(lock)
      // The lock outlives the answer until what goes on in the background is over.
      void Promise.allSettled([...outcome.background, ...(outcome.later ?? [])]).then(() => lock.release())
      return outcome
    } catch (error) {
      lock.release()
      const text = error instanceof Error ? error.message : String(error)
      this.#parts.log.error('a recovery failed inside', { recovery: story.uid, error: error instanceof Error ? (error.stack ?? text) : text })
      return { successor: null, lost: [], participants: [], errors: [text], background: [] }
    }
  }

  /** The end of every recovery: the record, the announcement, the hooks that follow. */
  async conclude(
    finding: Finding, remedy: Remedy, registered: Recovery, asked: Asked, story: RecoveryStory, occasion: HookOccasion, outcome: Outcome,
  ): Promise<Recovery> {
    const { clock, audit } = this.#parts
    const { lost, participants, errors } = outcome
    const successor = outcome.successor === null ? null : ((await this.#fleet.look(outcome.successor.key, successorLookMilliseconds, 'full')) ?? outcome.successor)
    const resolved: Recovery = {
      ...registered, successor: successor?.key ?? null, successorAlias: successor?.alias ?? '', successorCoordinates: successor?.binlogCoordinates ?? null,
      isSuccessful: successor !== null, lostReplicas: lost, participants, errors, endedAt: clock.now(),
    }
    const fenced = (await this.#held.get(story.uid)?.fence()) ?? null
    if (fenced !== null) {
      story.note('end', `${fenced.text}; what was begun is left to whoever has the lease now`, null, 'failed')
      this.#ledger.abandon(story.uid)
      await this.#giveBack(story.uid)
      return { ...resolved, isSuccessful: false, endedAt: null }
    }
    await this.#ledger.update(resolved).catch((error: unknown) => story.note('end', `the record could not be stored: ${String(error)}`, null, 'failed'))
    await this.#remember(story, () => this.#endIntents(story.uid))
    audit.write(auditKinds[remedy], finding.key, finding.clusterName, successor === null ? 'no replica promoted' : `promoted replica: ${successor.key}`)
    if (successor !== null && replacesPrimary(remedy)) await this.announcePrimary(registered, successor, outcome, story)
    const told = successor === null ? { ...occasion, lostReplicas: lost } : withSuccessor(occasion, successor, lost)
    if (outcome.calledOff !== undefined) story.note('end', 'no hooks: nobody was told of the recovery that was called off')
    else if (successor === null) await this.runHooks('failed', remedy, told, asked, story)
    else {
      await this.endDowntime(successor, story)
      if (outcome.tookPlaceOf !== undefined) await this.#tellTookSource(successor.key, outcome.tookPlaceOf, story)
      await this.runHooks('succeeded', remedy, told, asked, story)
    }
    const [{ background, later = [] }, count] = [outcome, outcome.background.length + (outcome.later?.length ?? 0)]
    story.note('end', `Waiting for ${count} postponed functions`)
    await Promise.allSettled(background)
    const lostLater = (await Promise.allSettled(later)).flatMap(ended => (ended.status === 'fulfilled' ? ended.value : []))
    story.note('end', `Executed ${count} postponed functions`, null, 'done', clock.now() - registered.startedAt)
    if (successor !== null && replacesPrimary(remedy)) for (const key of lostLater) await this.#downtime(key, story)
    story.tell('end', () => howItStands(this.#fleet.topology(), resolved))
    await this.#ledger.finish({ ...resolved, lostReplicas: [...lost, ...lostLater] })
    if (outcome.calledOff !== undefined) {
      const because = { at: clock.now(), by: 'orchestrator', comment: outcome.calledOff.text }
      await this.#remember(story, async () => void (await this.#ledger.acknowledge({ uid: resolved.uid }, because)))
    }
    await story.written()
    await this.#giveBack(story.uid)
    return resolved
  }

  /** Neither `recover-lite` nor anything else leaves these out (contract hooks.md section 1). */
  #tellTookSource(successor: InstanceKey, demoted: InstanceKey, story: RecoveryStory): Promise<void> {
    story.note('hooks-after', `success promoting ${successor} over ${demoted}`, successor, 'done')
    const { processes, settings, log } = this.#parts
    return tookSourceHooks(processes, settings, log)(successor, demoted)
  }

  /** Until the record says who was promoted, they tell it to whoever comes after a crash. */
  async #endIntents(recoveryUid: string): Promise<void> {
    const { intents } = this.#parts.store
    for (const intent of await intents.open()) if (intent.recoveryUid === recoveryUid) await intents.end(intent.id, 'done')
  }

  /** The cluster is known by its new primary from here on; who was left behind is put in a downtime. */
  async announcePrimary(finding: Pick<Recovery, 'key' | 'clusterName' | 'clusterAlias'>, successor: Instance, { lost, keepsFailed = false }: Pick<Outcome, 'lost' | 'keepsFailed'>, story: RecoveryStory): Promise<void> {
    const { journal, clock, store } = this.#parts
    const domain = this.#fleet.topology().decisions.domains.get(finding.clusterName) ?? ''
    await this.#publish(finding, successor, story)
    story.note('announce', `- RecoverDeadMaster: updating cluster_alias: ${finding.clusterName} -> ${successor.key}`)
    await this.#remember(story, () => journal.propose({ do: 'rename-cluster', from: finding.clusterName, to: successor.key }))
    // Whom `heuristic-domain-instance` names (contract recovery.md 6.2).
    if (domain !== '') await this.#remember(story, () => store.attributes.set(domain, successor.key, clock.now()))
    for (const key of keepsFailed ? lost : serversLost(finding.key, lost)) {
      await this.#downtime(key, story)
    }
    await this.#remember(story, () => this.#ledger.endDetections({ key: finding.key }, clock.now()))
  }

  #downtime(key: InstanceKey, story: RecoveryStory): Promise<void> {
    const { journal, node, clock, settings } = this.#parts
    return this.#remember(story, () => journal.propose({ do: 'begin-downtime', key, downtime: lostInRecoveryDowntime(node.owner, clock.now(), settings.lostDowntimeMinutes) }))
  }

  /**
   * The world outside is told before anybody else is; what fails is said, is tried again behind, and undoes nothing. The alias is the one of the time before:
   * the promoted server is a cluster of its own for a moment.
   */
  async #publish({ key, clusterName, clusterAlias: alias }: Pick<Recovery, 'key' | 'clusterName' | 'clusterAlias'>, successor: Instance, story: RecoveryStory): Promise<void> {
    const { publication } = this.#parts
    if (publication === undefined || successor.readOnly) return
    const outcomes = await publication.publish({ clusterName, alias, primary: successor.key, former: key })
    for (const { target, failure, milliseconds } of outcomes) {
      if (failure === null) story.note('publish', `Writing KV ${alias}=${successor.key} to ${target}: done and read back`, null, 'done', milliseconds)
      else story.note('publish', `Writing KV ${alias}=${successor.key} to ${target}: ${failure}; it is tried again behind`, null, 'failed', milliseconds)
    }
  }

  /** Whoever was chosen is no longer lost, and its own next failure must be seen to. */
  async endDowntime({ key, downtime }: Instance, story: RecoveryStory): Promise<void> {
    if (downtime !== null) await this.#remember(story, () => this.#parts.journal.propose({ do: 'end-downtime', key, kind: 'end-downtime' }))
  }

  async #giveBack(uid: string): Promise<void> {
    const lease = this.#held.get(uid)
    this.#held.delete(uid)
    await lease?.release().catch((error: unknown) => this.#parts.log.warning('a lease could not be given back; it ends with this process', { recovery: uid, error: String(error) }))
  }

  /** A store that fails does not undo a promotion: it is said in the record. */
  async #remember(story: RecoveryStory, write: () => Promise<void>): Promise<void> {
    await write().catch((error: unknown) => story.note('announce', `could not be stored: ${String(error)}`, null, 'failed'))
  }
}

/** Whose hooks run under -noop too (contract hooks.md section 1). */
const isTakenOrForced = ({ command }: Asked): boolean => command.startsWith('graceful-') || command.startsWith('force-')

export const replacesPrimary = (remedy: Remedy): boolean => remedy === 'promote-replica' || remedy === 'promote-co-primary'

const auditKinds: Readonly<Record<Remedy, string>> = {
  'promote-replica': 'recover-dead-master',
  'promote-co-primary': 'recover-dead-co-master',
  'replace-intermediate': 'recover-dead-intermediate-master',
  'relocate-group-replicas': 'recover-dead-replication-group-member-with-replicas',
  'repair-semi-sync': 'recover-semi-sync-master',
  'make-writable': 'recover-non-writeable-master',
}
