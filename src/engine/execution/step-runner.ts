import type { Reason } from '../../kit/reason.ts'
import { heldGtids, readGtids } from '../../model/planning/failover-held.ts'
import type { PlannedStep } from '../../model/planning/plan.ts'
import type { Condition, Step } from '../../model/planning/step.ts'
import { countGtids, gtidSetText, subtractGtidSets, unionGtidSets } from '../../model/topology/gtid-set.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { mariadbPositionText } from '../../model/topology/mariadb-gtid.ts'
import { beyond, heldPosition, holdsGtids, laterOf, readPosition } from '../../model/topology/mariadb-held.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Servers, StepEffect } from '../../ports/servers.ts'
import { eachBounded } from './bounded.ts'
import { broken, listedServers, serversOf, unkept } from './conditions.ts'
import {
  type DeadlineOverrides, deadlineOf, probeDeadlineMilliseconds, startLookFirstMilliseconds, startLookMostMilliseconds, startWaitMilliseconds,
} from './deadlines.ts'
import { executionReason, failureReason } from './reasons.ts'
import { waitWatched, type WatchedWait } from './watched-wait.ts'

/** Where fresh readings go and where a server that was not read yet comes from: the inventory. */
export interface Observer {
  get(key: InstanceKey): Instance | undefined
  /** Probes the server now, remembers what came, and answers the server as it now is; undefined when it could not be read. */
  look(key: InstanceKey, deadlineMilliseconds: number): Promise<Instance | undefined>
}

/**
 * `checked`: a fresh probe before each step judges what it requires, and one after it what it promised.
 * `critical`: conditions are judged on what is already known (the evidence and the receivers' last reading, not older than this failover),
 * and one probe after a server's last step of the plan judges what that promised and that the server lost nothing. Used where every
 * round trip is time without a primary, for plans whose steps cannot lose anything after the step before them has succeeded.
 */
export type Pace = 'checked' | 'critical'

/** What one run of a plan knows, and learns. */
export interface Knowledge {
  readonly pace: Pace
  readonly deadlines: DeadlineOverrides
  readonly fresh: Map<InstanceKey, Instance>
  /** When each server was last read in this run, on the monotonic clock. */
  readonly readAt: Map<InstanceKey, number>
  readonly bindings: Map<string, string>
  /** Each server as it was before its first step of the plan: what it must not have lost at the end. */
  readonly before: Map<InstanceKey, Instance>
  /** Sources that hold what a step was allowed to make its server forget. */
  readonly mayForget: Set<InstanceKey>
  /** Asked right before a statement is sent: why it must not be, where this process stood still since it was let through. */
  stoodStill(): Promise<Reason | null>
}

/**
 * Sent once more when its answer was lost: it can be said twice, and whether it was heard the first time must not be left open. A successor that takes
 * writes while its recovery counts as failed is a primary that nobody knows of.
 */
const repeatedWhenUnanswered: ReadonlySet<Step['do']> = new Set(['set-writable'])
const isUnanswered = ({ kind }: ServerFailure): boolean => kind === 'connection-lost' || kind === 'timeout'

/** A reading this young was made after the step before and needs no second one. */
const freshForMilliseconds = 50
const readsAtOnce = 20

export interface StepResult {
  readonly statements: readonly string[]
  readonly failure: Reason | null
}

/** Does one step on one server: check, do, check. */
export class StepRunner {
  readonly #servers: Servers
  readonly #clock: Clock
  readonly #observer: Observer

  constructor(servers: Servers, clock: Clock, observer: Observer) {
    this.#servers = servers
    this.#clock = clock
    this.#observer = observer
  }

  async run(planned: PlannedStep, knowledge: Knowledge, isLastOnServer: boolean): Promise<StepResult> {
    const { step, requires } = planned
    // Who is waited for does not answer yet.
    const refusal = step.do === 'wait-restart' ? null : await this.#judge(step.on, requires, knowledge)
    if (refusal !== null) return { statements: [], failure: refusal }
    for (const condition of requires) if (condition.holds === 'source-holds-received') knowledge.mayForget.add(condition.source)
    const before = this.#known(step.on, knowledge) ?? (step.do === 'wait-restart' ? this.#observer.get(step.on) : undefined)
    if (before !== undefined && !knowledge.before.has(step.on)) knowledge.before.set(step.on, before)
    if (before === undefined) return { statements: [], failure: executionReason('never-read', { server: step.on }) }
    const perform = (asked: Step = step) =>
      this.#servers.perform(asked, before, { deadlineMilliseconds: deadlineOf(asked, knowledge.deadlines), bindings: knowledge.bindings })
    const late = await knowledge.stoodStill()
    if (late !== null) return { statements: [], failure: late }
    const watched = step.do === 'wait-executed' && knowledge.pace === 'critical' ? await this.#waitWatched(step, perform, knowledge) : null
    if (watched?.ok === false) return { statements: this.#servers.statements(step, before), failure: watched.failure }
    const first = watched ?? (await perform())
    const isRepeated = !first.ok && repeatedWhenUnanswered.has(step.do) && isUnanswered(first.failure) && (await knowledge.stoodStill()) === null
    const done = isRepeated ? await perform() : first
    knowledge.readAt.delete(step.on)
    if (!done.ok) return { statements: this.#servers.statements(step, before), failure: failureReason(step.on, done.failure) }
    if (step.do === 'clone-from' || step.do === 'wait-restart') forget(step.on, knowledge)
    const isProven = learn(step, before, done.value, knowledge)
    const verifies = changesServer(step) && (knowledge.pace === 'checked' || (isLastOnServer && !isProven))
    return { statements: done.value.statements, failure: verifies ? await this.#verify(planned, knowledge) : null }
  }

  /** Where time without a primary passes, nobody waits for an applier that has failed. */
  #waitWatched(step: WatchedWait['step'], perform: WatchedWait['perform'], { bindings, fresh }: Knowledge): ReturnType<typeof waitWatched> {
    return waitWatched({
      step, perform, look: key => this.#observer.look(key, probeDeadlineMilliseconds), isOfPlan: key => fresh.has(key), monotonic: () => this.#clock.monotonic(),
      waited: 'set' in step.what ? step.what.set : (bindings.get(step.what.boundTo) ?? ''),
    })
  }

  /** Judges on a fresh reading what the step promised, and that its server still holds what it held before its first step. */
  async #verify({ step }: PlannedStep, knowledge: Knowledge): Promise<Reason | null> {
    const until = this.#clock.monotonic() + startWaitMilliseconds
    for (let pause = startLookFirstMilliseconds; ; pause = Math.min(2 * pause, startLookMostMilliseconds)) {
      const after = await this.#read(step.on, knowledge)
      if (after === undefined) return executionReason('cannot-probe', { server: step.on, text: this.#observer.get(step.on)?.check.failure?.text ?? 'no answer' })
      const shrank = this.#shrank(step, after, knowledge)
      if (shrank !== null) return shrank
      const open = unkept(step, after)
      if (open === null) {
        // What was forgotten on purpose is not missed by later steps.
        if (step.do === 'forget-gtids') knowledge.before.set(step.on, after)
        return null
      }
      if (!open.later || this.#clock.monotonic() >= until) return executionReason('promise-not-kept', { server: step.on, step: step.do, found: open.found })
      await this.#clock.sleep(pause)
    }
  }

  /** Invariant I5: no step shrinks executed ∪ received, except by what a source of `mayForget` has executed. */
  #shrank(step: Step, after: Instance, knowledge: Knowledge): Reason | null {
    const before = knowledge.before.get(step.on)
    if (before === undefined) return null
    if (before.mariadbGtid !== null) return this.#shrankOnMariadb(step, before, after, knowledge)
    let missing = subtractGtidSets(heldGtids(before), heldGtids(after))
    if (step.do === 'forget-gtids') missing = subtractGtidSets(missing, readGtids(step.set))
    for (const source of knowledge.mayForget) missing = subtractGtidSets(missing, readGtids(this.#known(source, knowledge)?.executedGtidSet ?? ''))
    if (missing.size === 0) return null
    return executionReason('transactions-shrank', { server: step.on, step: step.do, count: Number(countGtids(missing)), gtids: gtidSetText(missing) })
  }

  /** The same by positions: in no domain may it have fallen back, unless a source of `mayForget` has the very transaction. */
  #shrankOnMariadb(step: Step, before: Instance, after: Instance, knowledge: Knowledge): Reason | null {
    const missing = beyond(heldPosition(before), heldPosition(after))
    if (missing.count === 0) return null
    const wanted = readPosition(missing.text)
    for (const source of knowledge.mayForget) {
      const holder = this.#known(source, knowledge)
      if (holder !== undefined && holdsGtids(holder, wanted)) return null
    }
    return executionReason('transactions-shrank', { server: step.on, step: step.do, count: missing.count, gtids: missing.text })
  }

  async #judge(on: InstanceKey, requires: readonly Condition[], knowledge: Knowledge): Promise<Reason | null> {
    if (knowledge.pace === 'checked') {
      const keys = new Set([on, ...requires.flatMap(serversOf)])
      await this.#readOld([...keys], knowledge)
      await this.#readOld(requires.flatMap(condition => listedServers(condition, key => knowledge.fresh.get(key))), knowledge)
      if (!knowledge.fresh.has(on)) return executionReason('condition-is-reachable', { server: on })
    }
    for (const condition of requires) {
      const reason = broken(condition, key => this.#known(key, knowledge))
      if (reason !== null) return reason
    }
    return null
  }

  async #readOld(keys: readonly InstanceKey[], knowledge: Knowledge): Promise<void> {
    const now = this.#clock.monotonic()
    const old = keys.filter(key => (knowledge.readAt.get(key) ?? -Infinity) < now - freshForMilliseconds)
    await eachBounded(old, readsAtOnce, async key => void (await this.#read(key, knowledge)))
  }

  #known(key: InstanceKey, knowledge: Knowledge): Instance | undefined {
    return knowledge.fresh.get(key) ?? (knowledge.pace === 'critical' ? this.#observer.get(key) : undefined)
  }

  async #read(key: InstanceKey, knowledge: Knowledge): Promise<Instance | undefined> {
    const at = this.#clock.monotonic()
    const instance = await this.#observer.look(key, probeDeadlineMilliseconds)
    if (instance === undefined) {
      knowledge.fresh.delete(key)
      knowledge.readAt.delete(key)
    } else {
      knowledge.fresh.set(key, instance)
      knowledge.readAt.set(key, at)
    }
    return instance
  }
}

const changesServer = (step: Step): boolean => hasEffect(step) && step.do !== 'clone-from'

/** Whether a step does more than read and wait. */
export const hasEffect = ({ do: kind }: Step): boolean =>
  kind !== 'read-executed' && kind !== 'wait-executed' && kind !== 'wait-position' && kind !== 'read-coordinates' && kind !== 'match-position' && kind !== 'wait-received'

/** Its data are others now: what it held, and what was read of it, is of no meaning. */
function forget(server: InstanceKey, { before, fresh, readAt }: Knowledge): void {
  for (const known of [before, fresh, readAt]) known.delete(server)
}

/** What the answer of a step itself proves, without another reading; true when that is all the step promised. */
function learn(step: Step, before: Instance, effect: StepEffect, knowledge: Knowledge): boolean {
  if (step.do === 'read-executed' && effect.executedGtidSet !== undefined) knowledge.bindings.set(step.as, effect.executedGtidSet)
  if ((step.do === 'read-coordinates' || step.do === 'match-position') && effect.coordinates !== undefined) knowledge.bindings.set(step.as, effect.coordinates)
  if (step.do === 'wait-executed') {
    const waited = 'set' in step.what ? step.what.set : (knowledge.bindings.get(step.what.boundTo) ?? '')
    if (before.mariadbGtid !== null) {
      const reached = (text: string): string => mariadbPositionText(laterOf(readPosition(text), readPosition(waited)))
      const { slavePos, currentPos } = before.mariadbGtid
      knowledge.fresh.set(step.on, { ...before, mariadbGtid: { ...before.mariadbGtid, slavePos: reached(slavePos), currentPos: reached(currentPos) } })
      return false
    }
    const executed = gtidSetText(unionGtidSets(readGtids(before.executedGtidSet), readGtids(waited)))
    knowledge.fresh.set(step.on, { ...before, executedGtidSet: executed })
  }
  const stopped = effect.receiverStopped
  if (stopped === undefined || before.replication === null) return false
  // The server answered both sets in the same breath in which its receiver ended.
  const link = { ...before.replication, receiver: 'stopped' as const, retrievedGtidSet: stopped.retrieved }
  const after: Instance = {
    ...before, executedGtidSet: stopped.executed === '' ? before.executedGtidSet : stopped.executed, replication: link,
    channels: before.channels.map(channel => (channel.channel === link.channel ? link : channel)),
  }
  knowledge.fresh.set(step.on, after)
  return before.replication.gtid === 'mysql'
}
