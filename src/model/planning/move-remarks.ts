import { reasonsOf } from '../../kit/reason-table.ts'

/** What plans that move servers say beside their steps; those of each relocation in them are in relocate-remarks.ts. */
export const moveRemark = reasonsOf({
  'relocate-replicas': 'Make the replicas of {instance} follow {target}',
  'take-siblings': 'Make the siblings of {instance} follow it',
  'move-up': 'Make {instance} follow the source of its source, {target}',
  'move-up-replicas': 'Make the replicas of {instance} follow its source, {target}',
  'move-below': 'Make {instance} follow its sibling {target}',
  'repoint': 'Make {instance} follow {target}, from where it is',
  'repoint-replicas': 'Make the replicas of {instance} follow {target}, each from where it is',
  'move-gtid': 'Make {instance} follow {target} by GTID',
  'move-replicas-gtid': 'Make the replicas of {instance} follow {target} by GTID',
  'regroup-replicas': 'Make the replicas of {instance} follow the most advanced of them, {target}',
  'take-source': 'Let {instance} and its source {source} change places',
  'make-co-primary': 'Make {source} replicate from its replica {instance} as well',
  'make-primary': 'Make {instance} the primary in place of {source}, which does not answer',
  'make-local-primary': 'Let {instance} take the place of its source {source}',
  'nothing-to-move': 'There is nobody to move',
  // method, and why no other
  'method-gtid': 'By GTID: {replica} uses it and {target} supports it',
  // choices and checks
  'left-behind': '{replica} stays where it is: {why}',
  'leads': '{target} holds the most of {count} replicas and may be followed',
  'leads-alone': '{target} is the only replica',
  'stays-writable': '{source} alone takes writes; {instance} is read-only',
  'gets-errant': '{source} will fetch transactions that only {instance} has: {gtids}',
  'credentials-from': '{source} gets the replication account that {instance} uses',
  'source-silent': '{source} does not answer ({failure})',
  'none-ahead': 'no sibling holds more than {instance}',
  // what holds if everything stops after the step
  'follows-not-started': '{source} names {instance} as its source and fetches nothing yet',
  'leaves-co-primary': '{source} takes writes as before and fetches nothing from {former}',
  'co-primaries': '{source} and {instance} replicate from each other',
  'promoted-writable': '{instance} takes writes and still names its old source',
  'promoted': '{instance} is the primary',
  'applying-received': '{instance} fetches nothing more and applies what it has received',
})
