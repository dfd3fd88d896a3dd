import { reasonsOf } from '../../kit/reason-table.ts'

/** How it stands with processes that share a database, and why one of them does not act. */
export const sharedStoreReason = reasonsOf({
  'store-leads': '{self} acts for all: it holds the row of active_node, and {others} other processes would take its place',
  'store-follows': '{leader} acts for all; {self} serves, and takes its place when it stops renewing the row of active_node',
  'store-only-serves': '{leader} acts for all; {self} only serves, and never takes its place',
  'store-leads-soon': '{self} has the row of active_node, and acts as soon as the former holder has noticed',
  'store-takes-up': '{self} has the row of active_node, and acts as soon as it has read what was done before and looked at the servers',
  'store-no-leader': 'nobody holds the row of active_node',
  'store-silent': 'the database does not answer ({text}): {self} cannot know who acts, and changes nothing by itself until it does',
  'store-stopped': '{self} has stopped',
  'store-not-leader': '{self} does not act for all; {leader} does',
  'store-nobody-leads': '{self} does not act for all, and nobody is known to',
  'store-not-confirmed': 'the database did not confirm that {self} still acts for all: {text}',
  'store-unknown-member': 'no process that could act for all runs on {member}; there are {members}',
  'store-nobody-else': 'no other process could act for all in place of {self}',
} as const)
