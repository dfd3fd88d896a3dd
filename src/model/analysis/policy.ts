/** Thresholds and switches of the analysis (contract failure-detection.md section 13), as values. */
export interface AnalysisPolicy {
  /** How often a server is probed. */
  readonly pollSeconds: number
  /** How much longer than that a probe may take before the server counts as not answering. */
  readonly checkSlackSeconds: number
  readonly reasonableLagSeconds: number
  /** How long the binary log must stand still before a suspected semi-sync lock is believed; 0: `reasonableLagSeconds`. */
  readonly lockedSemiSyncSeconds: number
  readonly enforceExactSemiSyncReplicas: boolean
  readonly recoverReadOnlyPrimary: boolean
  /** Leave out healthy servers without replicas. */
  readonly reduced: boolean
  /** Servers whose host name matches one of these are never reported. */
  readonly ignoredHosts: readonly RegExp[]
  /**
   * A receiver that says it runs but has heard nothing for this long does not count as replicating while its source does not answer us:
   * a source that hangs is found out by this deadline instead of by TCP time-outs. Never shorter than one and a half heartbeats of that
   * receiver; without a known heartbeat period nothing is concluded. 0: off. `lastHeardAt` must be on the clock of `now`.
   */
  readonly silenceSeconds: number
  /** For so long after receivers were restarted on purpose, their lost connection is no evidence. */
  readonly receiverRestartGraceSeconds: number
  /** Unless none of them has been let in for so long: a source that lives answers a new connection at once. */
  readonly shutOutMilliseconds: number
  /** Writes that have waited so long, while nothing is written, are stalled. 0: off. */
  readonly stalledWritesSeconds: number
  /** Primaries that answer and take no writes are replaced: for stalled writes, for a full disk. */
  readonly replaces: { readonly stalledWrites: boolean; readonly fullDisk: boolean }
  /** A semi-sync primary whose writes have waited so long, and to which no replica can connect, is replaced. 0: off. */
  readonly cutOffSemiSyncSeconds: number
}

export const defaultAnalysisPolicy: AnalysisPolicy = {
  pollSeconds: 5,
  checkSlackSeconds: 1,
  reasonableLagSeconds: 10,
  lockedSemiSyncSeconds: 0,
  enforceExactSemiSyncReplicas: false,
  recoverReadOnlyPrimary: false,
  reduced: true,
  ignoredHosts: [],
  silenceSeconds: 4,
  receiverRestartGraceSeconds: 5,
  shutOutMilliseconds: 300,
  stalledWritesSeconds: 10,
  replaces: { stalledWrites: false, fullDisk: false },
  cutOffSemiSyncSeconds: 3,
}

export const semiSyncLockBelievedAfterSeconds = (policy: AnalysisPolicy): number => policy.lockedSemiSyncSeconds || policy.reasonableLagSeconds
