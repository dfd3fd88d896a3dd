import type { RecoveryCommands } from '../engine/operations/parts.ts'
import type { RecoveryEngine } from '../engine/recovery/engine.ts'

/** The recovery engine as the handlers ask for it. */
export const recoveryCommands = (engine: RecoveryEngine): RecoveryCommands => ({
  recover: (key, request) => engine.recover(key, request),
  gracefulTakeover: (clusterName, request) => engine.gracefulTakeover(clusterName, request),
  deposed: () => engine.deposed(),
  dryRun: (key, wish) => engine.dryRun(key, wish),
  forceFailover: (clusterName, request) => engine.forceFailover(clusterName, request),
  dryRunForced: (clusterName, request) => engine.dryRunForced(clusterName, request),
  previewTakeover: (clusterName, request) => engine.previewTakeover(clusterName, request),
})
