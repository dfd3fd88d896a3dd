import type { Finding, Remedy } from '../../model/analysis/finding.ts'
import { planReplaceIntermediate } from '../../model/planning/replace-intermediate.ts'
import type { HookOccasion } from '../../model/recovery/hook-values.ts'
import { type HookMoment, listsAt } from '../../model/recovery/hook-lists.ts'
import { recoveryMethodOf, remedies } from '../../model/recovery/remedies.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import { lostInRecoveryDowntime, serversLost } from '../../model/recovery/lifecycle.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { failedSteps, unfinishedServers } from '../execution/plan-outcome.ts'
import type { Lock } from '../execution/server-locks.ts'
import { DeadPrimaryFailover } from './dead-primary.ts'
import type { Fleet } from './fleet.ts'
import { Hooks } from './hooks.ts'
import type { Ledger } from './ledger.ts'
import { occasionOf, withSuccessor } from './occasion.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import { RecoveryStory, type StepListener } from './story.ts'

/** Who asked for a recovery; `command` '' means nobody did. */
export interface Asked {
  readonly by: string
  readonly command: string
  readonly candidate: InstanceKey | null
  readonly runHooks: boolean
}

export type Attempt =
  | { readonly state: 'not-attempted'; readonly because: string }
  | { readonly state: 'attempted'; readonly recovery: Recovery }

/** What a remedy came to. */
export interface Outcome {
  readonly successor: Instance | null
  readonly lost: readonly InstanceKey[]
  readonly participants: readonly InstanceKey[]
  readonly errors: readonly string[]
  readonly background: readonly Promise<unknown>[]
  /** The failed server is well (a takeover): it is not put in a downtime. */
  readonly keepsFailed?: boolean
}

/** How long a recovery waits for a change of the same servers that was asked to stop. */
const takeOverWaitMilliseconds = 1000
/** A full look at the promoted server, for its coordinates. */
const successorLookMilliseconds = 2000

/** Carries out one recovery from its registration to its last hook. Deciding whether to is done before (engine.ts). */
export class Recoverer {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #ledger: Ledger
  readonly #tell: StepListener
  readonly hooks: Hooks

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet, ledger: Ledger, tell: StepListener) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#ledger = ledger
    this.#tell = tell
    this.hooks = new Hooks(parts.processes, parts.log, parts.settings)
  }

  /** Remedies that are built; a finding that calls for another one is reported and nothing is registered that would block others. */
  canCarryOut(remedy: Remedy): boolean {
    return remedy === 'promote-replica' || remedy === 'replace-intermediate'
  }

  /** Of a new recovery, or of one that an earlier run of the program began. */
  newStory(ofUid?: string): RecoveryStory {
    const { clock, random, log, store } = this.#parts
    // The original's form: nanoseconds since 1970 and 64 hexadecimal digits.
    const uid = ofUid ?? `${clock.now()}000000:${random.hex(32)}`
    return new RecoveryStory({ uid, clock, log, tell: this.#tell, write: step => store.recoveries.appendStep(step) })
  }

  /** Null: another recovery of the server is registered. */
  register(finding: Finding, remedy: Remedy, asked: Asked, story: RecoveryStory, detectionId: number): Promise<Recovery | null> {
    const { node, clock } = this.#parts
    const topology = this.#fleet.topology()
    return this.#ledger.register({
      uid: story.uid, key: finding.key, code: finding.code, kind: remedies[remedy].kind, method: recoveryMethodOf(remedy, finding.facts),
      command: asked.command, startedBy: asked.by, clusterName: finding.clusterName, clusterAlias: topology.aliasOf(finding.clusterName), replicas: finding.replicas,
      successor: null, successorAlias: '', successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [],
      startedAt: clock.now(), endedAt: null, acknowledged: null, detectionId, nodeHostname: node.hostname, nodeToken: node.token,
    })
  }

  occasion(finding: Finding, asked: Pick<Asked, 'command'>, recoveryUid: string): HookOccasion {
    // `recover` names no command to hooks; only the commands of a takeover or a forced failover do.
    const command = asked.command.startsWith('recover') ? '' : asked.command
    return occasionOf(finding, this.#fleet.topology(), this.#policies.recovery, { command, node: this.#parts.node.hostname, recoveryUid })
  }

  /** Runs all lists of a moment; the failure of one that aborts is answered. */
  async runHooks(moment: HookMoment, remedy: Remedy, occasion: HookOccasion, asked: Asked, story: RecoveryStory): Promise<string | null> {
    if (!asked.runHooks) return null
    for (const list of listsAt(moment, remedy)) {
      const failure = await this.hooks.run(list, occasion, story)
      if (failure !== null) return failure
    }
    return null
  }

  async carryOut(finding: Finding, remedy: Remedy, registered: Recovery, asked: Asked, story: RecoveryStory): Promise<Attempt> {
    const { plan, whenHookBeforeFails, endsWhenHookBeforeFails } = remedies[remedy]
    const { clusterName, key, code } = finding
    story.note('begin', `will handle ${code} event on ${clusterName}`, key, 'started')
    this.#parts.audit.write(auditKinds[remedy] ?? 'recover', key, clusterName, 'problem found; will recover')
    const occasion = this.occasion(finding, asked, story.uid)
    const failure = await this.runHooks('before', remedy, occasion, asked, story)
    if (failure !== null) {
      const aborted: Recovery = { ...registered, errors: [failure], endedAt: endsWhenHookBeforeFails ? this.#parts.clock.now() : null }
      await this.#ledger.finish(aborted)
      if (whenHookBeforeFails === 'not-attempted') return { state: 'not-attempted', because: failure }
      await this.runHooks('failed', remedy, occasion, asked, story)
      return { state: 'attempted', recovery: aborted }
    }
    story.note('begin', `${plan}: will recover ${key}`, key)
    const outcome = await this.locked(finding, story, lock =>
      remedy === 'replace-intermediate' ? this.#replaceIntermediate(finding, asked, story, lock) : this.#replacePrimary(finding, registered, asked, story, lock))
    return { state: 'attempted', recovery: await this.conclude(finding, remedy, registered, asked, story, occasion, outcome) }
  }

  /** The server and its direct replicas are changed by nobody else meanwhile. */
  async locked(finding: Finding, story: RecoveryStory, act: (lock: Lock) => Promise<Outcome>): Promise<Outcome> {
    const replicas = this.#fleet.topology().replicasOf(finding.key).map(({ key }) => key)
    const lock = await this.#parts.execution.locks.takeOver([finding.key, ...replicas], `recovery ${story.uid}`, takeOverWaitMilliseconds)
    try {
      const outcome = await act(lock)
      // The lock outlives the answer until what goes on in the background is over.
      void Promise.allSettled(outcome.background).then(() => lock.release())
      return outcome
    } catch (error) {
      lock.release()
      const text = error instanceof Error ? error.message : String(error)
      this.#parts.log.error('a recovery failed inside', { recovery: story.uid, error: error instanceof Error ? (error.stack ?? text) : text })
      return { successor: null, lost: [], participants: [], errors: [text], background: [] }
    }
  }

  async #replacePrimary(finding: Finding, registered: Recovery, asked: Asked, story: RecoveryStory, lock: Lock): Promise<Outcome> {
    const failed = this.#fleet.get(finding.key)
    if (failed === undefined) return nothingDone(`${finding.key} is not known any more`)
    story.note('begin', `RecoverDeadMaster: masterRecoveryType=${registered.method}`)
    const failover = new DeadPrimaryFailover(this.#parts.execution, this.#fleet, this.#policies.failover)
    const startedAt = this.#parts.clock.monotonic()
    const result = await failover.run({
      failed, designated: asked.candidate, by: asked.by, lock, story,
      onWritable: successor => {
        const milliseconds = this.#parts.clock.monotonic() - startedAt
        story.note('promote', `promoted replica: ${successor.key}, writable after ${milliseconds.toFixed(1)} ms`, successor.key, 'done', milliseconds)
      },
    })
    if (result.successor === null) story.note('promote', 'Failure: no replica promoted.', null, 'failed')
    return { ...result, lost: result.lost.map(({ key }) => key) }
  }

  async #replaceIntermediate(finding: Finding, asked: Asked, story: RecoveryStory, lock: Lock): Promise<Outcome> {
    const topology = this.#fleet.topology()
    const failed = topology.get(finding.key)
    if (failed === undefined) return nothingDone(`${finding.key} is not known any more`)
    const replacement = planReplaceIntermediate(topology, failed, this.#policies.intermediate)
    if ('refused' in replacement) {
      story.note('choose', replacement.refused.text, finding.key, 'failed')
      return nothingDone(`topology_recovery: RecoverDeadIntermediateMaster failed to match up any replica from ${finding.key}: ${replacement.refused.text}`)
    }
    story.note('choose', `will attempt a candidate intermediate master: ${replacement.successor} (${replacement.way})`, replacement.successor)
    const outcome = await this.#parts.execution.run(replacement.plan, { by: asked.by, lock, recoveryUid: story.uid, onStep: event => story.planStep('repoint', event) })
    const unmoved = unfinishedServers(outcome)
    const moved = replacement.plan.steps.some(({ step }) => step.do === 'change-source' && !unmoved.has(step.on))
    const lost = [...replacement.lost.map(({ key }) => key), ...unmoved.keys()]
    for (const { key, reason } of replacement.lost) story.note('repoint', `lost replica: ${key}: ${reason.text}`, key)
    return {
      successor: moved ? (this.#fleet.get(replacement.successor) ?? null) : null, lost, participants: replacement.participants,
      errors: failedSteps(outcome).map(step => step.failure?.text ?? ''), background: [],
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
    await this.#ledger.update(resolved).catch((error: unknown) => story.note('end', `the record could not be stored: ${String(error)}`, null, 'failed'))
    await this.#remember(story, () => this.#endIntents(story.uid))
    audit.write(auditKinds[remedy] ?? 'recover', finding.key, finding.clusterName, successor === null ? 'no replica promoted' : `promoted replica: ${successor.key}`)
    if (successor !== null && remedy === 'promote-replica') await this.announcePrimary(finding, successor, outcome, story)
    const told = successor === null ? { ...occasion, lostReplicas: lost } : withSuccessor(occasion, successor, lost)
    if (successor === null) await this.runHooks('failed', remedy, told, asked, story)
    else {
      if (successor.downtime !== null) await this.#remember(story, () => this.#parts.journal.propose({ do: 'end-downtime', key: successor.key, kind: 'end-downtime' }))
      await this.runHooks('succeeded', remedy, told, asked, story)
    }
    const { background } = outcome
    story.note('end', `Waiting for ${background.length} postponed functions`)
    await Promise.allSettled(background)
    story.note('end', `Executed ${background.length} postponed functions`, null, 'done', clock.now() - registered.startedAt)
    await this.#ledger.finish(resolved)
    await story.written()
    return resolved
  }

  /** Until the record says who was promoted, they tell it to whoever comes after a crash. */
  async #endIntents(recoveryUid: string): Promise<void> {
    const { intents } = this.#parts.store
    for (const intent of await intents.open()) if (intent.recoveryUid === recoveryUid) await intents.end(intent.id, 'done')
  }

  /** The cluster is known by its new primary from here on; who was left behind is put in a downtime. */
  async announcePrimary(finding: Pick<Finding, 'key' | 'clusterName'>, successor: Instance, { lost, keepsFailed = false }: Pick<Outcome, 'lost' | 'keepsFailed'>, story: RecoveryStory): Promise<void> {
    const { journal, node, clock } = this.#parts
    story.note('announce', `- RecoverDeadMaster: updating cluster_alias: ${finding.clusterName} -> ${successor.key}`)
    await this.#remember(story, () => journal.propose({ do: 'rename-cluster', from: finding.clusterName, to: successor.key }))
    for (const key of keepsFailed ? lost : serversLost(finding.key, lost)) {
      await this.#remember(story, () => journal.propose({ do: 'begin-downtime', key, downtime: lostInRecoveryDowntime(node.owner, clock.now()) }))
    }
    await this.#remember(story, () => this.#ledger.endDetections({ key: finding.key }, clock.now()))
  }

  /** A store that fails does not undo a promotion: it is said in the record. */
  async #remember(story: RecoveryStory, write: () => Promise<void>): Promise<void> {
    await write().catch((error: unknown) => story.note('announce', `could not be stored: ${String(error)}`, null, 'failed'))
  }
}

const auditKinds: Partial<Readonly<Record<Remedy, string>>> = {
  'promote-replica': 'recover-dead-master',
  'replace-intermediate': 'recover-dead-intermediate-master',
}

export const nothingDone = (error: string): Outcome => ({ successor: null, lost: [], participants: [], errors: [error], background: [] })
