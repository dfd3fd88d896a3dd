import { type ParametersOf, reasonsOf } from '../../kit/reason-table.ts'
import { actRefusals } from './act-refusals.ts'
import { binlogServerRefusals } from './binlog-server-refusals.ts'
import { matchRefusals } from './match-refusals.ts'
import type { Refusal } from './plan.ts'

/** How an answer that is a refusal is classed where the outside asks: what was asked is wrong, clashes with how things are, may not be, or cannot be now. */
export type RefusalClass = 'bad-request' | 'not-found' | 'conflict' | 'forbidden' | 'unavailable'

interface Entry {
  readonly class: RefusalClass
  readonly says: string
}

/**
 * Every reason why there is no plan. Where the original has a sentence, ours is the same or ends in it, because scripts match on the end.
 * A new refusal is one entry here, a case in test/cases, and its translation in web/.
 */
export const refusals = {
  'unknown-instance': { class: 'not-found', says: 'Error reading {server}' },
  'group-secondary': { class: 'forbidden', says: 'relocate: {replica} is a secondary replication group member, hence, it cannot be relocated' },
  'group-primary-below-member': { class: 'forbidden', says: 'relocate: Setting a group primary to replicate from another member of its group is disallowed' },
  'same-as-itself': { class: 'bad-request', says: 'relocate: {target} is a descendant of {replica}' },
  'below-own-replica': { class: 'bad-request', says: 'relocate: {target} is a descendant of {replica}' },
  'already-its-source': { class: 'bad-request', says: '{replica} already replicates from {target}' },
  'not-a-replica': { class: 'bad-request', says: 'instance is not a replica: {replica}' },
  'detached': { class: 'conflict', says: '{replica} is detached from its source; reattach it first' },
  'several-channels': { class: 'forbidden', says: '{replica} replicates over {channels} channels; a server with several channels is not changed' },
  'unreachable': { class: 'unavailable', says: '{server} cannot be reached ({failure}): last check invalid' },
  'last-check-invalid': { class: 'unavailable', says: '{server}: last check invalid' },
  'not-recently-checked': { class: 'unavailable', says: '{server}: not recently checked' },
  'under-maintenance': {
    class: 'conflict',
    says: '{server} is under maintenance by {owner} ({why}). Cannot begin maintenance on {server}: Cannot begin maintenance for instance: {server}; maintenance reason: {wanted}',
  },
  'mixed-flavours': { class: 'forbidden', says: '{replica} ({replicaFlavour}) cannot follow {target} ({targetFlavour}): their GTIDs mean different things' },
  'cannot-replicate': { class: 'conflict', says: '{replica} cannot replicate from {target}. Reason: {obstacle}' },
  'method-not-available': { class: 'conflict', says: '{replica} cannot be moved below {target} by GTID ({why}). Relocating {replica} below {target} turns to be too complex; please do it manually' },
  'source-gtid-mode': { class: 'conflict', says: '{target} has gtid_mode {mode}; a replica with auto-position can follow it only when it is ON' },
  'unreadable-gtids': { class: 'conflict', says: 'the GTID sets of {replica} or {target} cannot be read' },
  'purged-gtids': { class: 'conflict', says: 'Instance {target} has purged GTID entries not found on {replica}' },
  'source-lacks-position': { class: 'conflict', says: '{target} is at {targetPosition} and has not what {replica} has already applied ({replicaPosition})' },
  'received-not-applied': {
    class: 'conflict',
    says: '{replica} has received transactions that its stopped applier has not applied and that {target} does not hold; moving it would throw them away',
  },
  'delayed-too-long': {
    class: 'conflict',
    says: '{replica} must apply what it has received before it can be moved, and applies with a delay of {delaySeconds} seconds, more than the {limitSeconds} it may take',
  },
  'no-way-there': {
    class: 'conflict',
    says: '{tried}. Relocating {replica} below {target} turns to be too complex; please do it manually',
  },
  'position-uses-gtid': { class: 'conflict', says: '{replica} uses GTID' },
  'position-source-unknown': { class: 'conflict', says: '{source}, the source of {replica}, is not known' },
  'position-elsewhere': { class: 'conflict', says: '{target} is neither the source of {replica}, nor the source of its source, nor a sibling' },
  'position-unread': { class: 'conflict', says: 'how far {replica} and {target} have read {source} is not known' },
  'position-behind': { class: 'conflict', says: '{replica} has read {source} up to {read} and {target} up to {led}, and what lies between comes from nowhere any more' },
  'position-sibling-gtid': { class: 'conflict', says: '{target} uses GTID, so that it cannot be stopped at a place of its source' },
  'pseudo-gtid-unseen': { class: 'conflict', says: 'no unique statements were seen in the cluster of {server}' },
  'equivalence-uses-gtid': { class: 'conflict', says: '{replica} uses GTID' },
  'equivalent-to-itself': { class: 'bad-request', says: 'MoveEquivalent: attempt to move an instance below itself {replica}' },
  'equivalence-goes-on': { class: 'conflict', says: '{replica} replicates and stands at {position} while {source} has written up to {end}: it would have gone on before it can be stopped. Stop it first' },
  'equivalence-unknown': { class: 'conflict', says: 'No equivalent coordinates found for {replica} replicating from {source} at {position}' },
  'replicas-below-own-replica': { class: 'bad-request', says: 'relocate-replicas: {target} is a descendant of {replica}' },
  'none-can-move': {
    class: 'conflict',
    says: 'Relocating {count} replicas of {instance} below {target} turns to be too complex; please do it manually. Additional Errors: Error(s): ; {reasons}',
  },
  'take-siblings-no-replica': { class: 'bad-request', says: 'take-siblings: instance {replica} is not a replica.' },
  'all-failed': { class: 'conflict', says: '{reasons}. Error on all operations' },
  'not-gtid-compatible': { class: 'conflict', says: 'Instances {replica}, {target} not GTID compatible or not using GTID' },
  'no-replica-moved-gtid': { class: 'conflict', says: 'moveReplicasViaGTID: Error on all {count} operations; error is: {reasons}' },
  'source-unknown': { class: 'conflict', says: 'Cannot GetInstanceMaster() for {replica}. error=Error reading {source}' },
  'source-not-a-replica': { class: 'bad-request', says: 'master is not a replica itself: {source}' },
  'not-siblings': { class: 'bad-request', says: 'instances are not siblings: {replica}, {target}' },
  'regroup-needs-gtid': { class: 'conflict', says: '{replica} does not use GTID, and the replicas of {instance} can be regrouped by GTID only' },
  'no-candidate-replica': { class: 'conflict', says: 'chooseCandidateReplica: no candidate replica found' },
  'ahead-of-candidate': { class: 'conflict', says: '{replica} holds transactions that {candidate} does not have' },
  'source-is-co-primary': { class: 'conflict', says: '{source} is co-master. Cannot take it.' },
  'not-replicating': { class: 'conflict', says: '{server}: instance is not replicating' },
  'lag-unknown': { class: 'conflict', says: '{server}: cannot determine replication lag' },
  'lags-too-much': { class: 'conflict', says: '{server}: lags too much' },
  'already-co-primary': { class: 'conflict', says: 'instance {instance} is already co master of {source}' },
  'not-read-only': { class: 'conflict', says: 'instance {instance} is not read-only; first make it read-only before making it co-master' },
  'has-writable-co-primary': {
    class: 'conflict',
    says: 'master {source} is already co-master with {former}, and {former} is alive, and not read-only; cowardly refusing to demote it. Please set it as read-only beforehand',
  },
  'no-account-to-give': {
    class: 'conflict',
    says: '{source} has no replication account, and MariaDB does not tell that of {instance}: set ReplicationCredentialsQuery, or give {source} one with CHANGE MASTER',
  },
  'rejoin-is-replica': { class: 'conflict', says: '{old} is a replica of {source}' },
  'rejoin-no-primary': { class: 'conflict', says: '{source} takes no writes: {old} can only follow the primary of its cluster' },
  'rejoin-has-replicas': { class: 'conflict', says: '{old} has {replicas} replicas, which would follow it' },
  'rejoin-refused': { class: 'conflict', says: '{why}' },
  'no-donor': { class: 'conflict', says: 'no server below {source} can give its data' },
  'donor-elsewhere': { class: 'bad-request', says: '{donor} is neither {source} nor a replica of it: its data are not those that {old} is to follow with' },
  'cannot-clone': { class: 'conflict', says: '{server} ({version}) cannot be cloned: that needs MySQL 8.0.17 or later' },
  'clone-versions': { class: 'conflict', says: '{old} ({version}) and {donor} ({donorVersion}) are not of one series, between which data can be cloned' },
  'rejoin-without-account': { class: 'conflict', says: '{old} has no replication account, and no replica of {source} tells one: set ReplicationCredentialsQuery' },
  'not-a-real-primary': { class: 'conflict', says: '{source} is not a real master; it replicates from: {above}' },
  'make-primary-source-replicates': { class: 'conflict', says: 'MakeMaster: instance\'s master {source} seems to be replicating' },
  'make-primary-source-answers': { class: 'conflict', says: 'MakeMaster: instance\'s master {source} seems to be accessible' },
  'make-primary-unapplied': { class: 'conflict', says: 'MakeMaster: instance\'s SQL thread must be up-to-date with I/O thread for {replica}' },
  'more-advanced-sibling': { class: 'conflict', says: '{act}: instance {replica} has more advanced sibling: {sibling}' },
  'no-source-above': { class: 'bad-request', says: '{source}, the source of {instance}, has no source: ReadTopologyInstance will not act on invalid instance key: :0' },
  ...actRefusals,
  ...matchRefusals,
  ...binlogServerRefusals,
} as const satisfies Readonly<Record<string, Entry>>

export type RefusalCode = keyof typeof refusals

// The texts alone, code by code; the assertion says what mapping an object's values cannot.
const texts = Object.fromEntries(Object.entries(refusals).map(([code, entry]) => [code, entry.says])) as { readonly [Code in RefusalCode]: (typeof refusals)[Code]['says'] }
export const refusalReason = reasonsOf(texts)

export function refuse<Code extends RefusalCode>(
  code: Code, parameters: ParametersOf<(typeof refusals)[Code]['says']> & Readonly<Record<string, string | number | boolean>>,
): Refusal {
  return { refused: refusalReason(code, parameters) }
}

/** The class of a refusal by its code; `conflict` for a code of another table. */
export const refusalClass = (code: string): RefusalClass => (isRefusalCode(code) ? refusals[code].class : 'conflict')

const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusals, code)
