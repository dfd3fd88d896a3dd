import { reasonsOf } from '../../kit/reason-table.ts'

/** What a plan to relocate says beside its steps: its sentence, what was checked, what to know before, and what holds if it stops. */
export const relocateRemark = reasonsOf({
  'make-replica-of': 'Make {replica} a replica of {target}',
  'make-replicas-of': 'Make {replicas} replicas of {target}',
  // checks that held
  'source-logs': '{target} logs what {replica} will read',
  'source-has-all': '{target} has purged nothing that {replica} still needs',
  'received-kept': '{replica} goes on applying what it has received while its receiver turns',
  'received-drained': '{replica} applies all it has received before its source changes',
  'received-applied': '{replica} has applied all that it has received',
  'received-held': '{target} holds all that {replica} has received and not applied',
  // warnings
  'lower-version': '{obstacle}',
  'same-source': '{replica} already replicates from {target}; its receiver is only restarted',
  'crosses-sites': '{replica} will follow across sites ({from} → {to})',
  'newer-version': '{replica} has version {version}, newer than {targetVersion} on {target}: nothing of that version can follow it',
  'errant': '{replica} has transactions that its source has not: {gtids}',
  'auto-position-on': '{replica} replicates by file and position now and will use GTID auto-position',
  'stays-stopped': '{replica} is stopped and stays so; it follows {target} when it is started',
  'receiver-stays-stopped': 'the receiver of {replica} is stopped and stays so; it reads from {target} when it is started',
  'applier-stays-stopped': 'the applier of {replica} is stopped and stays so; what it has received is fetched again from {target}',
  // what holds if everything stops after the step
  'receiver-stands': '{replica} stays below {source}, receives nothing and goes on applying what it has',
  'nothing-received': '{replica} stays below {source} and receives nothing; its applier is stopped as before',
  'replication-stands': '{replica} stays below {source}, stopped, with nothing left to apply',
  'turned-not-started': '{replica} is below {target} and receives nothing until it is started',
  'moved': '{replica} is below {target}',
})
