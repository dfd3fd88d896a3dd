import { operation, optional } from './operation.ts'

/** A process of this program that lives, as the store knows it. Times in ms since 1970. */
export interface NodeRecord {
  readonly hostname: string
  readonly token: string
  readonly version: string
  /** Null: of a leader of a Raft group only its name is told. */
  readonly firstSeenAt: number | null
  readonly lastSeenAt: number | null
  readonly command: string
  readonly backend: string
}

export interface NodeHealth {
  readonly healthy: boolean
  readonly hostname: string
  readonly token: string
  readonly isActive: boolean
  readonly active: NodeRecord | null
  readonly available: readonly NodeRecord[]
  /** Why it is not healthy; '' when it is. */
  readonly failure: string
}

/** The same, with what is known of the Raft group; null without Raft. */
export interface ProcessHealth extends NodeHealth {
  readonly raft: RaftHealth | null
}

export interface RaftHealth {
  readonly leader: string
  readonly isLeader: boolean
  readonly leaderUri: string
  readonly advertise: string
  /** Members that were heard within an election time; null: only the leader can tell. */
  readonly healthyMembers: readonly string[] | null
}

export const health = operation<ProcessHealth>()({
  name: 'health',
  says: 'Is this process well? Writes to the store to find out.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false, runs: 'where-asked',
  input: {},
  former: { routes: ['health'], commands: [], answers: 'envelope' },
})

export const grabElection = operation<null>()({
  name: 'grab-election',
  says: 'Let this process act from now on, whoever did until now.',
  on: 'service', access: 'write', dangerLevel: 2, plans: false, runs: 'where-it-leads',
  input: {},
  former: { routes: ['grab-election'], commands: [], answers: 'envelope' },
})

export const reelect = operation<null>()({
  name: 'reelect',
  says: 'Let the one that acts give it up, so that one is elected anew.',
  on: 'service', access: 'write', dangerLevel: 2, plans: false,
  input: {},
  former: { routes: ['reelect'], commands: [], answers: 'envelope' },
})

export const activeNodes = operation<readonly NodeRecord[]>()({
  name: 'active-nodes',
  says: 'Processes that share the store and live, command lines among them.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false, runs: 'where-asked',
  input: {},
  former: { routes: [], commands: ['active-nodes'], section: 'Meta', answers: 'bare' },
})

export const status = operation<ProcessHealth>()({
  name: 'status',
  says: 'The same as health, at the address that StatusEndpoint names.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false, runs: 'where-asked',
  input: {},
  former: { routes: ['status'], commands: ['raft-leader-hostname'], section: 'Meta', answers: 'envelope' },
})

export const lbCheck = operation<null>()({
  name: 'lb-check',
  says: 'Is the process alive? Checks nothing.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false, runs: 'where-asked',
  input: {},
  former: { routes: ['lb-check', '_ping'], commands: [], answers: 'bare' },
})

export const leaderCheck = operation<{ readonly isLeader: boolean; readonly status: number }>()({
  name: 'leader-check',
  says: 'Is this process the one that acts? Another status than 200 says no.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false, runs: 'where-asked',
  input: { status: optional.text('The status that says no; 404 without it.') },
  former: { routes: ['leader-check', 'leader-check/:errorStatusCode'], commands: [], answers: 'bare' },
})

export const routedLeaderCheck = operation<{ readonly isLeader: boolean; readonly status: number }>()({
  name: 'routed-leader-check',
  says: 'Can the one that acts be reached through this process? It is asked itself.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['routed-leader-check'], commands: [], answers: 'bare' },
})
