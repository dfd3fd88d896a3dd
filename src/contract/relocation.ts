import type { Reason } from '../kit/reason.ts'
import type { Place } from '../model/planning/by-equivalence.ts'
import type { MethodVerdict } from '../model/planning/methods.ts'
import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

export interface Relocated {
  readonly replica: Instance
  readonly source: InstanceKey
  /** What was tried to move it, and what was taken. */
  readonly methods?: readonly MethodVerdict[]
}

/** One that was to move and did not. */
export interface NotMoved {
  readonly replica: InstanceKey
  readonly why: Reason
}

/** What came of moving the replicas of one server: those that moved, as read afterwards, and each that did not with the reason. */
export interface ReplicasMoved {
  readonly of: InstanceKey
  readonly source: InstanceKey
  readonly moved: readonly Instance[]
  readonly notMoved: readonly NotMoved[]
  /** For each replica what was tried, and what was taken. */
  readonly methods?: readonly MethodVerdict[]
}

export interface SiblingsTaken extends ReplicasMoved {
  /** The replica that took them, as read afterwards. */
  readonly replica: Instance
}

export interface Regrouped {
  readonly of: InstanceKey
  /** Whom the others follow; null when there is no replica. */
  readonly promoted: InstanceKey | null
  readonly moved: readonly Instance[]
  readonly notMoved: readonly NotMoved[]
  readonly methods?: readonly MethodVerdict[]
}

/** Replicas that moved because they stood at the same place, and all others that moved. */
export function regroupCounts({ moved, methods = [] }: Pick<Regrouped, 'moved' | 'methods'>): { readonly trivial: number; readonly searched: number } {
  const byPlace = new Set(methods.flatMap(({ replica, method, taken }) => (taken && method === 'position' ? [replica] : [])))
  const trivial = moved.filter(({ key }) => byPlace.has(key)).length
  return { trivial, searched: moved.length - trivial }
}

export const relocate = operation<Relocated>()({
  name: 'relocate',
  says: 'Make a replica follow another server of its cluster.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that moves.'), destination: required.instance('Its new source.') },
  former: {
    routes: ['relocate/:host/:port/:belowHost/:belowPort', 'relocate-below/:host/:port/:belowHost/:belowPort'],
    commands: ['relocate', 'relocate-below'], section: 'Smart relocation', answers: 'envelope', audit: 'relocate-below',
  },
})

const theInstance = required.instance('The server whose replicas move.')
const replicaPattern = optional.text('Regular expression on host:port; only replicas that match move.')

export const relocateReplicas = operation<ReplicasMoved>()({
  name: 'relocate-replicas',
  says: 'Make the replicas of a server follow another one.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance, destination: required.instance('Their new source.'), pattern: replicaPattern },
  former: {
    routes: ['relocate-replicas/:host/:port/:belowHost/:belowPort', 'relocate-slaves/:host/:port/:belowHost/:belowPort'],
    commands: ['relocate-replicas', 'relocate-slaves'], section: 'Smart relocation', answers: 'envelope',
  },
})

export const takeSiblings = operation<SiblingsTaken>()({
  name: 'take-siblings',
  says: 'Make the siblings of a replica replicate from it.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that its siblings will follow.') },
  former: {
    routes: ['take-siblings/:host/:port', 'enslave-siblings/:host/:port'], commands: ['take-siblings', 'enslave-siblings'],
    section: 'Smart relocation', answers: 'envelope', audit: 'relocate-replicas',
  },
})

export const regroupReplicas = operation<Regrouped>()({
  name: 'regroup-replicas',
  says: 'Make the replicas of a server follow the most advanced of them.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance },
  former: {
    routes: ['regroup-replicas/:host/:port', 'regroup-slaves/:host/:port'], commands: ['regroup-replicas', 'regroup-slaves'],
    section: 'Smart relocation', answers: 'envelope',
  },
})

export const regroupReplicasBls = operation<Regrouped>()({
  name: 'regroup-replicas-bls',
  says: 'Make the binlog servers below a server follow the one of them that has read furthest.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server whose binlog servers move.') },
  former: {
    routes: ['regroup-replicas-bls/:host/:port', 'regroup-slaves-bls/:host/:port'], commands: ['regroup-replicas-bls'],
    section: 'Binlog server relocation', answers: 'envelope',
  },
})

export const moveUp = operation<Relocated>()({
  name: 'move-up',
  says: 'Make a replica follow the source of its source.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that moves.') },
  former: { routes: ['move-up/:host/:port'], commands: ['move-up'], section: 'Classic file:pos relocation', answers: 'envelope' },
})

export const moveUpReplicas = operation<ReplicasMoved>()({
  name: 'move-up-replicas',
  says: 'Make the replicas of a replica follow its source.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance, pattern: replicaPattern },
  former: {
    routes: ['move-up-replicas/:host/:port', 'move-up-slaves/:host/:port'], commands: ['move-up-replicas', 'move-up-slaves'],
    section: 'Classic file:pos relocation', answers: 'envelope',
  },
})

export const moveBelow = operation<Relocated>()({
  name: 'move-below',
  says: 'Make a replica follow its sibling.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that moves.'), destination: required.instance('The sibling.') },
  former: { routes: ['move-below/:host/:port/:siblingHost/:siblingPort'], commands: ['move-below'], section: 'Classic file:pos relocation', answers: 'envelope' },
})

export const repoint = operation<Relocated>()({
  name: 'repoint',
  says: 'Make a replica follow another server from where it is, or its present source anew.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.'), destination: optional.instance('Its new source; its present one when left out.') },
  former: { routes: ['repoint/:host/:port/:belowHost/:belowPort'], commands: ['repoint'], section: 'Classic file:pos relocation', answers: 'envelope' },
})

export const repointReplicas = operation<ReplicasMoved>()({
  name: 'repoint-replicas',
  says: 'Make the replicas of a server follow another one from where they are, or the server itself anew.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance, destination: optional.instance('Their new source; the server itself when left out.'), pattern: replicaPattern },
  former: {
    routes: ['repoint-replicas/:host/:port', 'repoint-slaves/:host/:port'], commands: ['repoint-replicas', 'repoint-slaves'],
    section: 'Classic file:pos relocation', answers: 'envelope', audit: 'repoint-to',
  },
})

export const takeSource = operation<Instance>()({
  name: 'take-source',
  says: 'Let a replica and its source change places.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['take-master/:host/:port', 'enslave-master/:host/:port'], commands: ['take-master', 'enslave-master'],
    section: 'Classic file:pos relocation', answers: 'envelope', audit: 'take-master',
  },
})

export const makeCoPrimary = operation<Instance>()({
  name: 'make-co-primary',
  says: 'Make the source of a read-only replica replicate from it as well.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: { routes: ['make-co-master/:host/:port'], commands: ['make-co-master'], section: 'Classic file:pos relocation', answers: 'envelope', audit: 'make-co-master' },
})

export const makePrimary = operation<Instance>()({
  name: 'make-primary',
  says: 'Make a replica of a dead primary the primary of its siblings.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: { routes: ['make-master/:host/:port'], commands: [], answers: 'envelope', audit: 'make-master' },
})

export const makeLocalPrimary = operation<Instance>()({
  name: 'make-local-primary',
  says: 'Let a replica take the place of its source: its siblings follow it, and it follows the source of the source.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: { routes: ['make-local-master/:host/:port'], commands: [], answers: 'envelope', audit: 'make-local-master' },
})

export const moveGtid = operation<Relocated>()({
  name: 'move-gtid',
  says: 'Make a replica follow another server by GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that moves.'), destination: required.instance('Its new source.') },
  former: { routes: ['move-below-gtid/:host/:port/:belowHost/:belowPort'], commands: ['move-gtid'], section: 'GTID relocation', answers: 'envelope', audit: 'move-below-gtid' },
})

export const moveReplicasGtid = operation<ReplicasMoved>()({
  name: 'move-replicas-gtid',
  says: 'Make the replicas of a server follow another one by GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance, destination: required.instance('Their new source.'), pattern: replicaPattern },
  former: {
    routes: ['move-replicas-gtid/:host/:port/:belowHost/:belowPort', 'move-slaves-gtid/:host/:port/:belowHost/:belowPort'],
    commands: ['move-replicas-gtid', 'move-slaves-gtid'], section: 'GTID relocation', answers: 'envelope',
  },
})

export const regroupReplicasGtid = operation<Regrouped>()({
  name: 'regroup-replicas-gtid',
  says: 'Make the replicas of a server follow the most advanced of them, by GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance },
  former: {
    routes: ['regroup-replicas-gtid/:host/:port', 'regroup-slaves-gtid/:host/:port'], commands: ['regroup-replicas-gtid', 'regroup-slaves-gtid'],
    section: 'GTID relocation', answers: 'envelope',
  },
})

export const regroupReplicasPgtid = operation<Regrouped>()({
  name: 'regroup-replicas-pgtid',
  says: 'Make the replicas of a server follow the most advanced of them, by Pseudo-GTID.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: theInstance },
  former: {
    routes: ['regroup-replicas-pgtid/:host/:port', 'regroup-slaves-pgtid/:host/:port'], commands: ['regroup-replicas-pgtid', 'regroup-slaves-pgtid'],
    section: 'Pseudo-GTID relocation', answers: 'envelope',
  },
})

export const moveEquivalent = operation<Relocated>()({
  name: 'move-equivalent',
  says: 'Make a replica follow another server from a position that is known to be the same there.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica that moves.'), destination: required.instance('Its new source.') },
  former: { routes: ['move-equivalent/:host/:port/:belowHost/:belowPort'], commands: ['move-equivalent'], section: 'Classic file:pos relocation', answers: 'envelope' },
})

export const sourceEquivalent = operation<{ readonly places: readonly Place[] }>()({
  name: 'source-equivalent',
  says: 'Positions of other servers that were found to be the same as a position of this one.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server whose binary log it is.'), logFile: required.text('The file.'), logPos: required.text('The position in it.') },
  former: { routes: ['master-equivalent/:host/:port/:logFile/:logPos'], commands: [], answers: 'envelope' },
})
