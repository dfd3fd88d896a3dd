import { reasonsOf } from '../../kit/reason-table.ts'

/** What plans say that move servers between sources which hand on one log: a binlog server, its source, and its siblings. */
export const logRemark = reasonsOf({
  'method-same-log': 'By file and position: {target} hands on the same binary log as {source}, so that {replica} goes on from where it is',
  'log-reaches': '{target} is waited for until it has read as far as {replica} is',
  'gtid-off': '{replica} replicates by GTID now and will use file and position, which is all that a binlog server knows',
  'two-stages': '{replica} goes below {between} first, because the binary log of {target} is the one of {between}',
  'out-of-binlog-server': '{replica} goes below {between} first, whose binary log it has read all along',
  'regroup-binlog-servers': 'Make the binlog servers below {instance} follow the most advanced of them, {target}',
  'leads-binlog-servers': 'The others of {count} binlog servers follow {target}: none has read further that does not read on',
  'log-stands': '{replica} stays below {source} and does not replicate until it is started',
  'log-turned': '{replica} is below {target} and receives nothing until it is started',
  'log-moved': '{replica} is below {target}',
})
