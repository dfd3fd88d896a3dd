import type { ReasonWords } from './reason-words.ts'

/** Sentences of our own where the server's are the original's, which scripts match on; every other code shows the server's English. */
export const enReasons: ReasonWords = {
  'same-as-itself': '{{target}} is the server itself',
  'below-own-replica': '{{target}} is below {{replica}} itself',
  'already-its-source': '{{target}} is already its source',
  'not-a-replica': ['{{replica}} is not a replica', '{{instance}} is not a replica', '{{server}} does not replicate from {{failed}}'],
  'last-check-invalid': '{{server}} could not be read at the last check',
  'unreachable': '{{server}} cannot be reached',
  'not-recently-checked': '{{server}} has not been checked for too long',
  'under-maintenance': '{{server}} is under maintenance by {{owner}} ({{why}})',
  'cannot-replicate': '{{replica}} cannot replicate from {{target}}: {{obstacle}}',
  'purged-gtids': '{{target}} has purged transactions that {{replica}} still needs',
  'cluster-unknown': 'No cluster is known as {{hint}}',
  'comment-missing': 'A comment is needed',
  'no-replicas': ['{{primary}} has no replicas', '{{failed}} has no replicas'],
  'not-direct-replica': '{{designated}} does not replicate directly from {{primary}}',
  'lags': '{{designated}} lags too much for a takeover',
  'lag-unknown': ['The lag of {{designated}} is unknown', 'The lag of {{server}} is unknown'],
  'blocked-instance': '{{server}} was promoted a short while ago, when {{failed}} failed; acknowledge that recovery to unblock it',
  'blocked-cluster': 'the cluster had a failover of {{failed}} a short while ago; acknowledge that recovery to unblock it',
  'unfinished-recovery': 'there is an active or recent recovery of {{server}}',
}
