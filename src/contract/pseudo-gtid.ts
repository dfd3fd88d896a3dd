import type { Relocated, ReplicasMoved } from './relocation.ts'
import { operation, optional, required } from './operation.ts'

/** A replica that was matched below another server, and where in that one's binary log it went on (`file:position`). */
export interface MatchedBelow extends Relocated {
  readonly at: string
}

/** A unique statement and where it stands (`file:position`). */
export interface EntryAt {
  readonly at: string
  readonly text: string
}

/** One event of a relay log. */
export interface RelayEvent {
  readonly at: string
  /** Where in the source's log the next one begins. */
  readonly nextPosition: string
  readonly type: string
  readonly text: string
}

/** One event in the relay logs of two replicas. `next`: behind it in the other one's; its position is 0 when nothing follows. */
export interface RelayPlaces {
  readonly own: string
  readonly found: string
  readonly next: string
}

const moves = required.instance('The replica that moves.')
const theInstance = required.instance('The server whose replicas move.')
const pattern = optional.text('Regular expression on host:port; only replicas that match move.')
const relayLogsOnly = optional.boolean('Do not search the binary logs of the replica, only its relay logs.')
const section = 'Pseudo-GTID relocation'

export const match = operation<MatchedBelow>()({
  name: 'match',
  says: 'Make a replica follow another server by Pseudo-GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: moves, destination: required.instance('Its new source.'), relayLogsOnly },
  former: { routes: ['match/:host/:port/:belowHost/:belowPort', 'match-below/:host/:port/:belowHost/:belowPort'], commands: ['match'], section, answers: 'envelope', audit: 'match-below' },
})

export const matchUp = operation<MatchedBelow>()({
  name: 'match-up',
  says: 'Make a replica follow the source of its source by Pseudo-GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: moves, relayLogsOnly },
  former: { routes: ['match-up/:host/:port'], commands: ['match-up'], section, answers: 'envelope', audit: 'match-below' },
})

export const rematch = operation<MatchedBelow>()({
  name: 'rematch',
  says: 'Find the place of a replica in the log of its present source anew, by Pseudo-GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: moves, relayLogsOnly },
  former: { routes: [], commands: ['rematch'], section, answers: 'envelope', audit: 'match-below' },
})

export const matchReplicas = operation<ReplicasMoved>()({
  name: 'match-replicas',
  says: 'Make the replicas of a server follow another one by Pseudo-GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance, destination: required.instance('Their new source.'), pattern, relayLogsOnly },
  former: {
    routes: ['match-replicas/:host/:port/:belowHost/:belowPort', 'match-slaves/:host/:port/:belowHost/:belowPort'], commands: ['match-replicas', 'match-slaves'],
    section, answers: 'envelope', audit: 'multi-match-replicas',
  },
})

export const matchUpReplicas = operation<ReplicasMoved>()({
  name: 'match-up-replicas',
  says: 'Make the replicas of a replica follow its source by Pseudo-GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance, pattern, relayLogsOnly },
  former: {
    routes: ['match-up-replicas/:host/:port', 'match-up-slaves/:host/:port'], commands: ['match-up-replicas', 'match-up-slaves'], section, answers: 'envelope', audit: 'multi-match-replicas',
  },
})

// The original asks for write authority for the one that has a route: it may read through many logs.

export const lastPseudoGtid = operation<EntryAt>()({
  name: 'last-pseudo-gtid',
  says: 'The newest Pseudo-GTID statement that a server has executed, and where its logs have it.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['last-pseudo-gtid/:host/:port'], commands: ['last-pseudo-gtid'], section: 'Binary logs', answers: 'envelope' },
})

export const findBinlogEntry = operation<EntryAt>()({
  name: 'find-binlog-entry',
  says: 'Where the binary logs of a server have an event with a certain text.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.'), pattern: required.text('The whole text of the event.') },
  former: { routes: [], commands: ['find-binlog-entry'], section: 'Binary logs', answers: 'envelope' },
})

export const correlateBinlogPosition = operation<EntryAt>()({
  name: 'correlate-binlog-pos',
  says: 'Where the binary log of another server has the event at a place of the binary log of this one.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: {
    instance: required.instance('The server.'), destination: required.instance('The other one.'), position: optional.text('file:position in the log of the server; where it ends when left out.'),
  },
  former: { routes: [], commands: ['correlate-binlog-pos'], section: 'Binary logs', answers: 'envelope' },
})

export const correlateRelayPosition = operation<RelayPlaces>()({
  name: 'correlate-relaylog-pos',
  says: 'Where the relay logs of a sibling have the event at a place of the relay log of this replica.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: {
    instance: required.instance('The replica.'), destination: required.instance('Its sibling.'), position: optional.text('file:position in the relay log of the replica; the last event it has executed when left out.'),
  },
  former: { routes: [], commands: ['correlate-relaylog-pos'], section: 'Binary logs', answers: 'envelope' },
})

export const lastExecutedRelayEntry = operation<RelayEvent>()({
  name: 'last-executed-relay-entry',
  says: 'The last event of its relay logs that a replica has executed.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The replica.') },
  former: { routes: [], commands: ['last-executed-relay-entry'], section: 'Binary logs', answers: 'envelope' },
})
