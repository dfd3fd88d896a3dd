import { reasonsOf } from '../../kit/reason-table.ts'

/** Why a takeover is not begun; sentences that the original has are its own to the letter (contract recovery.md section 12). */
export const takeoverRefusal = reasonsOf({
  'no-cluster-primary': 'Cannot deduce cluster master for {cluster}. Found {count} potential masters',
  'no-replicas': "Master {primary} doesn't seem to have replicas",
  'not-indicated': 'GracefulMasterTakeover: target instance not indicated, auto=false, and master {primary} has {count} replicas. orchestrator cannot choose where to failover to. Aborting',
  'not-detected': 'GracefulMasterTakeover: no target instance indicated, failed to auto-detect candidate replica for master {primary}. Aborting',
  'not-direct-replica': 'GracefulMasterTakeover: indicated designated instance {designated} must be directly replicating from the master {primary}',
  'banned': 'GracefulMasterTakeover: designated instance {designated} cannot be promoted due to promotion rule or it is explicitly ignored in PromotionIgnoreHostnameFilters configuration',
  'not-master-of-designated': 'Sanity check failure. It seems like the designated instance {designated} does not replicate from the master {primary} (designated instance\'s master key is {actual}). This error is strange. Panicking',
  'lags': 'Desginated instance {designated} seems to be lagging too much for this operation. Aborting.',
  'lag-unknown': 'Desginated instance {designated} seems to be lagging too much for this operation. Aborting. Its lag is unknown',
  'not-replicating': 'Desginated instance {designated} is not replicating (receiver {receiver}, applier {applier}). Aborting. {text}',
  'sibling-cannot-follow': 'Desginated instance {designated} cannot take over all of its siblings. Error: {text}',
  'primary-unreachable': 'the master {primary} cannot be reached, so this is no graceful takeover: {text}',
  'successor-unreachable': 'the designated instance {designated} cannot be reached: {text}',
  'several-channels': 'the designated instance {designated} has several replication channels',
  'logs-nothing': 'the designated instance {designated} does not log the transactions it applies, so nobody could follow it',
  'errant': 'the designated instance {designated} has transactions that the master does not have: {gtids}',
  'hook-failed': 'Failed running PreGracefulTakeoverProcesses: {text}',
  'catch-up': 'WaitForExecBinlogCoordinatesToReach: reached maxWait {seconds}s on {designated}',
} as const)
