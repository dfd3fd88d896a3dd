import { reasonsOf } from '../../kit/reason-table.ts'

/** How it stands with managers that are one by an etcd, and why one of them did not do something. */
export const etcdReason = reasonsOf({
  'etcd-leads': '{self} leads: {count} managers are known to etcd',
  'etcd-follows': '{leader} leads; {self} follows with everything up to {applied}',
  'etcd-leads-soon': '{self} was chosen and leads as soon as everything decided before is applied here: {applied} of {last}',
  'etcd-no-leader': 'nobody leads; {self} stands as soon as the former leader\'s lease is over',
  'etcd-silent': 'etcd does not answer ({text}): nobody can be sure to lead, and {self} changes nothing until it does',
  'etcd-begins': '{self} has not read from etcd yet what the managers remember',
  'etcd-not-leader': '{self} does not lead; {leader} does',
  'etcd-not-leader-nobody': '{self} does not lead, and nobody is known to',
  'etcd-not-confirmed': 'etcd did not confirm that {self} still leads: {text}',
  'etcd-not-applied': 'what was decided before is not applied here yet: {applied} of {last}',
  'etcd-nobody-else': 'no other manager is known to etcd, so nobody could lead instead of {self}',
  'etcd-unknown-member': 'no manager named {member} is known to etcd; there are {members}',
  'etcd-not-grabbed': 'with etcd no manager takes the lead from another, which could not know of it at once; reelect asks the leader to give it up',
  'etcd-stopped': '{self} takes no part any more: {text}',
} as const)
