import { type BinlogCoordinates, compareCoordinates } from '../topology/binlog-coordinates.ts'
import { countGtids, type GtidSet, isGtidSubset, subtractGtidSets } from '../topology/gtid-set.ts'
import type { Instance } from '../topology/instance.ts'
import { hasReached, type MariadbPosition } from '../topology/mariadb-gtid.ts'
import { beyond, executedPosition, heldPosition } from '../topology/mariadb-held.ts'
import { heldGtids, readGtids } from './failover-held.ts'

/** How far a replica has come, compared with its siblings. */
export interface Progress {
  readonly by: 'gtid' | 'coordinates'
  /** Negative when `left` is more advanced in what it can bring to use. A consistent order. */
  readonly compare: (left: Instance, right: Instance) => number
  /** How `other` stands to `candidate`, by all that it holds. */
  readonly relation: (other: Instance, candidate: Instance) => 'ahead' | 'equal' | 'later'
  /** Transactions that `left` holds and `right` does not; null: cannot be counted. */
  readonly missing: (left: Instance, right: Instance) => number | null
}

/**
 * With GTID on every replica: by *retrieved ∪ executed*, errant transactions left out, because what was received can be applied before the
 * promotion (beyond.md section 3); a replica that will not get there (broken applier, delayed on purpose) counts with what it executed.
 * The same by the GTIDs of MariaDB, which are positions. Otherwise by coordinates in the source's binary log, on the same terms.
 */
export function progressAmong(replicas: readonly Instance[]): Progress {
  const everyoneUsesGtid = replicas.length > 0 && replicas.every(replica => replica.replication?.gtid === 'mysql' && replica.executedGtidSet.trim() !== '')
  if (everyoneUsesGtid) return byGtid(replicas)
  const everyoneUsesMariadbGtid = replicas.length > 0 && replicas.every(({ mariadbGtid, replication }) => mariadbGtid !== null && replication !== null && replication.gtid !== 'none')
  return everyoneUsesMariadbGtid ? byMariadbGtid : byCoordinates
}

/** What was received will be applied soon: the applier is not broken, and not held back on purpose. */
const willApply = ({ replication }: Instance): boolean =>
  replication !== null && replication.delaySeconds === 0 && !(replication.applier !== 'running' && replication.applierError.number !== 0)

function byGtid(replicas: readonly Instance[]): Progress {
  const held = new Map<Instance, GtidSet>()
  const usable = new Map<Instance, bigint>()
  for (const replica of replicas) {
    const errant = readGtids(replica.errantGtidSet)
    const all = subtractGtidSets(heldGtids(replica), errant)
    held.set(replica, all)
    usable.set(replica, countGtids(willApply(replica) ? all : subtractGtidSets(readGtids(replica.executedGtidSet), errant)))
  }
  const heldBy = (replica: Instance): GtidSet => held.get(replica) ?? heldGtids(replica)
  const usableOf = (replica: Instance): bigint => usable.get(replica) ?? countGtids(heldBy(replica))
  return {
    by: 'gtid',
    compare: (left, right) => (usableOf(left) > usableOf(right) ? -1 : usableOf(left) < usableOf(right) ? 1 : 0),
    relation: (other, candidate) => {
      if (!isGtidSubset(heldBy(other), heldBy(candidate))) return 'ahead'
      return isGtidSubset(heldBy(candidate), heldBy(other)) ? 'equal' : 'later'
    },
    missing: (left, right) => Number(countGtids(subtractGtidSets(heldBy(left), heldBy(right)))),
  }
}

/** Numbers grow in each domain alone; over all of them their sum is a consistent order. */
const numbersOf = (position: MariadbPosition): bigint => [...position.values()].reduce((sum, { sequence }) => sum + sequence, 0n)

const usablePosition = (replica: Instance): MariadbPosition => (willApply(replica) ? heldPosition(replica) : executedPosition(replica))

const byMariadbGtid: Progress = {
  by: 'gtid',
  compare: (left, right) => {
    const [ofLeft, ofRight] = [numbersOf(usablePosition(left)), numbersOf(usablePosition(right))]
    return ofLeft > ofRight ? -1 : ofLeft < ofRight ? 1 : 0
  },
  relation: (other, candidate) => {
    if (!hasReached(heldPosition(candidate), heldPosition(other))) return 'ahead'
    return hasReached(heldPosition(other), heldPosition(candidate)) ? 'equal' : 'later'
  },
  missing: (left, right) => beyond(heldPosition(left), heldPosition(right)).count,
}

const nowhere: BinlogCoordinates = { file: '', position: 0n }

function coordinatesOf(replica: Instance): BinlogCoordinates {
  const link = replica.replication
  const received = willApply(replica) ? link?.readCoordinates : null
  return received ?? link?.executedCoordinates ?? nowhere
}

const byCoordinates: Progress = {
  by: 'coordinates',
  compare: (left, right) => compareCoordinates(coordinatesOf(right), coordinatesOf(left)),
  relation: (other, candidate) => {
    const order = compareCoordinates(coordinatesOf(other), coordinatesOf(candidate))
    return order > 0 ? 'ahead' : order < 0 ? 'later' : 'equal'
  },
  missing: () => null,
}
