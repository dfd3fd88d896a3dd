import type { Reason } from '../kit/reason.ts'
import { operation, required } from './operation.ts'

/** `GET /api/v2/group`: the managers as one, as the manager that was asked knows them now. */
export interface GroupView {
  readonly mode: 'shared-store' | 'raft' | 'etcd'
  /** This manager, by the name that the members have. */
  readonly self: string
  readonly state: 'leader' | 'follower' | 'candidate' | 'learner' | 'stopped'
  readonly leader: { readonly name: string; readonly uri: string | null } | null
  /** Grows with every change of leader. */
  readonly term: number
  readonly isPartOfQuorum: boolean
  readonly members: readonly {
    readonly name: string
    readonly uri: string | null
    readonly votes: boolean
    /** Null: only the leader can tell. */
    readonly isHeard: boolean | null
    /** The last entry that it surely has; null: only the leader knows. */
    readonly matched: number | null
    /** How many entries of the leader it has yet to get; null: not known here. */
    readonly behind: number | null
    readonly isLeader: boolean
    readonly isSelf: boolean
    /** Null: it has not told. */
    readonly version: string | null
    readonly backend: string | null
  }[]
  readonly log: { readonly last: number; readonly committed: number; readonly applied: number; readonly snapshot: number } | null
  /** Who leads and what that means, and how many more may fail. */
  readonly says: Reason
  readonly quorum: Reason
}

export interface RaftStatus {
  readonly bind: string
  readonly advertise: string
  readonly state: GroupView['state']
  readonly healthy: boolean
  readonly isPartOfQuorum: boolean
  readonly leader: string
  readonly leaderUri: string
  readonly peers: readonly string[]
}

const asked = { on: 'service', dangerLevel: 1, plans: false, input: {} } as const

export const raftStatus = operation<RaftStatus>()({
  ...asked, name: 'raft-status', says: 'How this member of the Raft group is, and whom it follows.', access: 'read', runs: 'where-asked',
  former: { routes: ['raft-status'], commands: ['raft-status'], section: 'Meta', answers: 'bare' },
})

export const raftPeers = operation<readonly string[]>()({
  ...asked, name: 'raft-peers', says: 'The members of the Raft group.', access: 'read', runs: 'where-asked',
  former: { routes: ['raft-peers'], commands: ['raft-peers'], section: 'Meta', answers: 'bare' },
})

export const raftState = operation<GroupView['state']>()({
  ...asked, name: 'raft-state', says: 'Is this member leader, follower or candidate?', access: 'read', runs: 'where-asked',
  former: { routes: ['raft-state'], commands: ['raft-state'], section: 'Meta', answers: 'bare' },
})

export const raftLeader = operation<string>()({
  ...asked, name: 'raft-leader', says: 'The member that leads; empty when nobody is known to.', access: 'read', runs: 'where-asked',
  former: { routes: ['raft-leader'], commands: ['raft-leader'], section: 'Meta', answers: 'bare' },
})

export const raftHealth = operation<null>()({
  ...asked, name: 'raft-health', says: 'Is this member part of a healthy Raft group?', access: 'read', runs: 'where-asked',
  former: { routes: ['raft-health'], commands: ['raft-health'], section: 'Meta', answers: 'bare' },
})

export const raftSnapshot = operation<null>()({
  ...asked, name: 'raft-snapshot', says: 'Write a snapshot of the shared memory on this member now.', access: 'write', runs: 'where-asked',
  former: { routes: ['raft-snapshot'], commands: ['raft-snapshot'], section: 'Meta', answers: 'bare', wasOpen: true },
})

export const raftFollowerHealthReport = operation<null>()({
  ...asked, name: 'raft-follower-health-report', access: 'read', runs: 'where-asked',
  says: 'Where members of the original reported to their leader. Members of this program are heard through the Raft port, and no token is given out.',
  input: {
    authenticationToken: required.text('What the leader asked to be told.'), raftBind: required.text('RaftBind of the one who reports.'),
    raftAdvertise: required.text('RaftAdvertise of the one who reports.'),
  },
  former: { routes: ['raft-follower-health-report/:authenticationToken/:raftBind/:raftAdvertise'], commands: [], answers: 'bare' },
})

export const raftAddPeer = operation<string>()({
  ...asked, name: 'raft-add-peer', says: 'Take a member into the Raft group.', access: 'write', dangerLevel: 2,
  input: { addr: required.text('Its address, host[:port].') },
  former: { routes: ['raft-add-peer/:addr'], commands: ['raft-add-peer'], section: 'Meta', answers: 'bare' },
})

export const raftRemovePeer = operation<string>()({
  ...asked, name: 'raft-remove-peer', says: 'Take a member out of the Raft group.', access: 'write', dangerLevel: 3,
  input: { addr: required.text('Its address, host[:port].') },
  former: { routes: ['raft-remove-peer/:addr'], commands: ['raft-remove-peer'], section: 'Meta', answers: 'bare' },
})

export const raftYield = operation<string>()({
  ...asked, name: 'raft-yield', says: 'Hand leadership to the named member.', access: 'write', dangerLevel: 2, runs: 'where-it-leads',
  input: { node: required.text('The member that is to lead, host[:port].') },
  former: { routes: ['raft-yield/:node'], commands: ['raft-yield'], section: 'Meta', answers: 'envelope' },
})

export const raftYieldHint = operation<string>()({
  ...asked, name: 'raft-yield-hint', says: 'Hand leadership to a member whose name holds the given text.', access: 'write', dangerLevel: 2, runs: 'where-it-leads',
  input: { hint: required.text('A part of the name of the member that is to lead.') },
  former: { routes: ['raft-yield-hint/:hint'], commands: ['raft-elect-leader'], section: 'Meta', answers: 'envelope' },
})
