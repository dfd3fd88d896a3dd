import { reasonsOf } from '../../kit/reason-table.ts'

/** Why the engine did not begin something, beyond what the verdict says. */
export const engineReason = reasonsOf({
  'unknown-server': 'Cannot read instance: {server}',
  'cluster-busy': 'another recovery of cluster {cluster} is being decided or carried out',
  'lease-held': 'a process on {hostname} carries out recoveries of cluster {cluster}',
  'not-registered': 'found an active or recent recovery on {server}',
  'deposed-stays-read-only': '{server} was replaced as primary and stays read-only',
  'another-takes-writes': '{server} stays read-only: {other} takes the writes of its cluster',
  'designated-unknown': 'Instance not found: {designated}',
  'only-direct-child': 'You may only promote a direct child of the master {primary}. The master of {designated} is {source}.',
  'nobody-promoted': 'Recovery attempted yet no replica promoted: {errors}',
  'is-a-replica': '{server} is a replica now',
  'no-remedy': '{code} has no remedy that this version can carry out',
  'hook-failed': '{text}',
  'takeover-failed': '{text}',
} as const)
