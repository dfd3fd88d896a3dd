import { reasonsOf } from '../../kit/reason-table.ts'

/** How it stands with managers that are one by Raft, and why one of them did not do something. */
export const raftReason = reasonsOf({
  'raft-leads': '{self} leads: it hears {heard} of {count} members',
  'raft-follows': '{leader} leads; {self} follows with everything up to {applied}',
  'raft-learns': '{leader} leads; {self} learns what the group remembers and does not count yet: it has {applied}',
  'raft-leads-soon': '{self} was elected and leads as soon as everything decided before is applied here: {applied} of {last}',
  'raft-no-leader': 'nobody leads: {self} hears no majority of the {count} members, and changes nothing until one leads',
  'raft-left-out': '{self} is not a member of the group: {text}',
  'raft-founds': '{self} has no data yet; it waits for {needed} of the {count} members of RaftNodes that have none either, and hears {heard}',
  'raft-awaits-founder': '{self} has no data yet, as all others; {founder} begins the group',
  'raft-awaits-leader': '{self} has no data yet; {other} belongs to a group that has no leader, so {self} waits for one',
  'raft-two-groups': '{self} has no data yet, and the others belong to different groups, each with a leader: {groups}',
  'raft-nodes-differ': '{self} has no data yet; RaftNodes of {other} names other members than that of {self}, so no group can begin',
  'raft-was-damaged': '{self} has set aside a damaged disk and waits for a group that takes it in; it does not begin a new one',
  'raft-joins': '{self} asks {leader} to be taken in',
  'raft-disk-failed': '{self} takes no part until its disk works again: {text}',
  'raft-stopped': '{self} has stopped',
  'raft-not-leader': '{self} does not lead; {leader} does',
  'raft-nobody-leads': '{self} does not lead, and nobody is known to',
  'raft-not-confirmed': 'no majority confirmed that {self} still leads: {text}',
  'raft-alone': '{self} is the only member that votes: nobody could lead in its place',
  'raft-unknown-member': '{member} is no member that votes; there are {members}',
  'raft-change-failed': 'the members could not be changed: {text}',
  'raft-change-late': '{member} was accepted, and has not become a member that votes within {seconds} s; it is taken in as soon as it can be reached',
  'raft-last-member': '{member} is the only member that votes and cannot be taken out',
  'raft-no-snapshot': 'no snapshot was taken: {text}',
} as const)
