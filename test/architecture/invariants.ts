import type { Place } from './places.ts'

export interface Invariant {
  readonly id: string
  readonly says: string
  /** What keeps it while the program runs. */
  readonly code: Place
  /** What looks at it in simulated worlds; a reason where they have nothing of the kind. */
  readonly simulator: Place | { readonly none: string }
  /** What tries it on real servers and real processes, as a part of npm test. */
  readonly servers: Place | { readonly none: string }
}

const checkers = 'test/simulation/checkers.ts'
const witness = 'test/simulation/witness.ts'
const raft = 'its worlds have no quorum of managers; test/raft simulates the group'

/** What must be true whatever happens, and what keeps and tries each. Removing or renaming one of the places without its line here fails. */
export const invariants: readonly Invariant[] = [
  {
    id: 'I1', says: 'Every write acknowledged under a lossless policy exists on the final primary.',
    code: { file: 'src/model/planning/durability.ts', text: 'export function proofOf' }, simulator: { file: checkers, text: 'function lostRows' },
    servers: { file: 'test/integration/recovery-durability.test.ts', text: 'no acknowledged row is lost, and the new one waits for its replicas too' },
  },
  {
    id: 'I2', says: 'At no time can two servers of one cluster both commit and acknowledge.',
    code: { file: 'src/engine/recovery/make-writable.ts', text: 'export function otherWritable' }, simulator: { file: checkers, text: 'function acknowledgedByTwo' },
    servers: { file: 'test/integration/recovery-forced.test.ts', text: 'nothing acknowledged is lost and never two take writes' },
  },
  {
    id: 'I3', says: 'No write started after a promotion is acknowledged by the deposed primary.',
    code: { file: 'src/engine/recovery/deposed.ts', text: 'planFence(this.#fleet.topology(), key, true)' }, simulator: { file: checkers, text: 'function writesBesidePromoted' },
    servers: { file: 'test/integration/recovery-durability.test.ts', text: 'what it had begun is never acknowledged, and when it goes on it takes no writes' },
  },
  {
    id: 'I4', says: 'After faults heal, one primary, all others read-only and replicating, within 60 s, or a named, visible blocked state.',
    code: { file: 'src/engine/recovery/role-keeper.ts', text: 'async keep(' }, simulator: { file: checkers, text: 'function notConverged' },
    servers: { file: 'test/integration/recovery.test.ts', text: 'every survivor follows, and nothing acknowledged that a replica held is lost' },
  },
  {
    id: 'I5', says: 'A step never shrinks retrieved ∪ executed of any server that holds acknowledged rows.',
    code: { file: 'src/engine/execution/step-runner.ts', text: "executionReason('transactions-shrank'" }, simulator: { file: witness, text: 'I5 ${step.do} made' },
    servers: { file: 'test/integration/recovery.test.ts', text: 'what a replica has received and not applied is not lost: it is applied before the promotion' },
  },
  {
    id: 'I6', says: 'No server with errant rows is promoted by a person’s takeover or silently rejoined.',
    code: { file: 'src/engine/execution/conditions.ts', text: "case 'source-has-executed': {" }, simulator: { file: witness, text: 'I6 ' },
    servers: { file: 'test/integration/returned.test.ts', text: 'what only it has is never joined silently' },
  },
  {
    id: 'I7', says: 'At most one recovery per cluster holds a valid fencing number; a stale worker changes nothing.',
    code: { file: 'src/engine/recovery/cluster-leases.ts', text: 'fence: async () => {' }, simulator: { file: checkers, text: 'function twoAtOnce' },
    servers: { file: 'test/integration/recovery-interrupted.test.ts', text: 'a manager whose lease of the cluster another one has taken over does no further step' },
  },
  {
    id: 'I8', says: 'An interrupted recovery is finished or cleanly undone by the next leader; so is a person’s interrupted plan.',
    code: { file: 'src/engine/recovery/interrupted.ts', text: 'async settle(): Promise<void>' }, simulator: { file: checkers, text: 'function leftHalfDone' },
    servers: { file: 'test/integration/killed-program.test.ts', text: 'is undone after the restart; so is a failover in its first hook, and done anew' },
  },
  {
    id: 'I9', says: 'No automatic action without a quorum of managers sharing the evidence; an isolated manager acts on nothing.',
    code: { file: 'src/engine/group/agreement.ts', text: 'if (seen >= needed) return confirmation' }, simulator: { none: raft },
    servers: { file: 'test/integration/raft-managers.test.ts', text: 'remember alike through the loss of the leader, of one disk, of a majority and of all' },
  },
  {
    id: 'I10', says: 'No failover when the primary serves clients and its replicas.',
    code: { file: 'src/model/recovery/confirmation.ts', text: "recoveryReason('still-linked'" }, simulator: { file: checkers, text: 'function needlessFailovers' },
    servers: { file: 'test/integration/recovery.test.ts', text: 'a primary that only we cannot reach is never failed over' },
  },
  {
    id: 'I11', says: 'Published endpoints name the same primary within 2 s, never a deposed one afterwards.',
    code: { file: 'src/engine/publication/place.ts', text: 'it was told, and says something else' }, simulator: { none: 'its worlds publish nothing; src/engine/publication/publisher.test.ts plays failing places' },
    servers: { file: 'test/integration/publication.test.ts', text: 'the old primary is never named again' },
  },
  {
    id: 'I12', says: 'Replication options (TLS, channel, heartbeat, retry, delay) equal before and after any repoint.',
    code: { file: 'src/adapters/mysql/statements/change-source.ts', text: '[change.heartbeat, heartbeatPeriodSeconds === null' }, simulator: { file: witness, text: 'I12 options of' },
    servers: { file: 'test/integration/relocate.test.ts', text: 'a replica with TLS and options of its own keeps them all' },
  },
  {
    id: 'I13', says: 'Inventory and settings acknowledged by the API are never lost by a restart.',
    code: { file: 'src/engine/journal/journal.ts', text: 'Resolves when the command has been stored and shown' },
    simulator: { none: 'its store is memory that outlives its managers; test/conformance/store.test.ts opens real stores again' },
    servers: { file: 'test/integration/app.test.ts', text: 'what was decided is there again after a restart' },
  },
  {
    id: 'I14', says: 'Every non-action and refusal has a recorded reason.',
    code: { file: 'src/engine/recovery/finding-handler.ts', text: "audit.write('recovery-not-attempted'" }, simulator: { file: checkers, text: 'function unexplained' },
    servers: { file: 'test/integration/recovery.test.ts', text: 'each prevents or allows a failover with a reason' },
  },
]
