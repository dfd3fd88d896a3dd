import { type AnalysisMemory, suspectLock, type SuspectedLock } from '../../model/analysis/memory.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import { isUnheardFor, stillUnheard, type Unheard } from '../../model/recovery/unheard.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

const lockCodes: ReadonlySet<string> = new Set(['LockedSemiSyncMasterHypothesis', 'LockedSemiSyncMaster'])

/** A semi-sync source seems to be locked: only more readings of it can tell. */
export const isSuspectedLock = (finding: Finding): boolean => lockCodes.has(finding.code)

/** Whoever was called off once on such evidence is not believed again for so long. */
const calledOffMilliseconds = 10 * 60_000

/** What the analysis must remember from one look to the next: since when a binary log stands still or nothing comes to replicas, and when receivers were restarted. */
export class Signs implements AnalysisMemory {
  readonly suspectedLocks = new Map<InstanceKey, SuspectedLock>()
  readonly receiversRestartedAt = new Map<InstanceKey, number>()
  readonly #calledOffAt = new Map<InstanceKey, number>()
  readonly #unheard = new Map<InstanceKey, Unheard>()
  readonly #unfed = new Map<InstanceKey, Unheard>()

  /** A suspicion lasts while the finding does: after it, the same place in the log begins anew. */
  note(finding: Finding, instance: Instance | undefined, now: number): void {
    const coordinates = instance?.binlogCoordinates ?? null
    if (!isSuspectedLock(finding) || coordinates === null) this.suspectedLocks.delete(finding.key)
    else this.suspectedLocks.set(finding.key, suspectLock(this.suspectedLocks.get(finding.key), coordinates, now))
  }

  /** What has come to the replicas of a source that lets us wait: each time that they were read. */
  noteReceived(source: InstanceKey, replicas: readonly Instance[]): void {
    this.#unheard.set(source, stillUnheard(this.#unheard.get(source), replicas))
    this.#unfed.set(source, stillUnheard(this.#unfed.get(source), replicas, 'events'))
  }

  /** It answers: the next silence begins anew. */
  forgetReceived(source: InstanceKey): void {
    this.#unheard.delete(source)
    this.#unfed.delete(source)
  }

  /** Nothing has come to any of them for so long since it lets us wait. */
  isUnheard(source: InstanceKey, replicas: readonly Instance[], milliseconds: number): boolean {
    const unheard = this.#unheard.get(source)
    return unheard !== undefined && isUnheardFor(unheard, replicas, milliseconds)
  }

  /** No event has come to any of them for so long since it lets us wait; it may send heartbeats. */
  isUnfed(source: InstanceKey, replicas: readonly Instance[], milliseconds: number): boolean {
    const unfed = this.#unfed.get(source)
    return unfed !== undefined && isUnheardFor(unfed, replicas, milliseconds)
  }

  noteRestart(server: InstanceKey, now: number): void {
    this.receiversRestartedAt.set(server, now)
  }

  /** A recovery that followed what restarted receivers said was called off: for long after it only the slower rules decide. */
  noteCalledOff(server: InstanceKey, now: number): void {
    this.#calledOffAt.set(server, now)
  }

  /** Restarts of receivers whose word decides at once. */
  believed(now: number): ReadonlyMap<InstanceKey, number> {
    return new Map([...this.receiversRestartedAt].filter(([server]) => now - (this.#calledOffAt.get(server) ?? -Infinity) >= calledOffMilliseconds))
  }
}
