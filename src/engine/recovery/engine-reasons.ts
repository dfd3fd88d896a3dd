import { reasonsOf } from '../../kit/reason-table.ts'

/** Why the engine did not begin something, beyond what the verdict says. */
export const engineReason = reasonsOf({
  'unknown-server': 'Cannot read instance: {server}',
  'cluster-busy': 'another recovery of cluster {cluster} is being decided or carried out',
  'not-registered': 'found an active or recent recovery on {server}',
  'remedy-not-built': '{code} calls for {remedy}, which this version cannot carry out yet',
  'no-remedy': '{code} has no remedy that this version can carry out',
  'hook-failed': '{text}',
  'takeover-failed': '{text}',
} as const)
