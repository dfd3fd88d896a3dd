import type { Detection } from '../../src/model/recovery/records.ts'
import { isReplicating } from '../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Acknowledged } from './client.ts'
import type { MysqlModel } from './mysql-model.ts'
import type { Simulation } from './simulation.ts'

/** What is wrong with a world that has come to its end, by the invariants' numbers. Empty: all hold. */
export function brokenIn(simulation: Simulation): readonly string[] {
  return [...simulation.witness.broken, ...lostRows(simulation), ...acknowledgedByTwo(simulation), ...writesBesidePromoted(simulation), ...notConverged(simulation), ...needlessFailovers(simulation), ...unexplained(simulation), ...twoAtOnce(simulation), ...leftHalfDone(simulation)]
}

const writable = ({ all }: Simulation): readonly MysqlModel[] => [...all.values()].filter(({ readOnly, state }) => !readOnly && state === 'up')

/** I1: under a lossless policy every acknowledged row is on the final primary; where there is none, on somebody. */
function lostRows(simulation: Simulation): readonly string[] {
  if (simulation.policy !== 'semi-sync') return []
  const [primary, ...more] = writable(simulation)
  const holders = primary !== undefined && more.length === 0 ? [primary] : [...simulation.all.values()]
  const onDisk = (server: MysqlModel, row: number): boolean => server.rows.has(row) || (holders.length > 1 && server.log.some(transaction => transaction.row === row))
  const lost = simulation.acknowledged.filter(({ row }) => !holders.some(server => onDisk(server, row)))
  return lost.length === 0 ? [] : [`I1 ${lost.length} acknowledged rows are lost, the first acknowledged by ${lost[0]?.by ?? ''} at ${Math.round(lost[0]?.at ?? 0)}`]
}

/** I2: whoever acknowledges a write after another server has acknowledged one was made writable meanwhile. */
function acknowledgedByTwo({ policy, acknowledged, witness }: Simulation): readonly string[] {
  if (policy !== 'semi-sync') return []
  const [byEnd, newest] = [[...acknowledged], new Map<InstanceKey, Acknowledged>()]
  for (const write of acknowledged.toSorted((left, right) => left.begunAt - right.begunAt)) {
    for (let [next] = byEnd; next !== undefined && next.at <= write.begunAt; [next] = byEnd) {
      newest.set(next.by, next)
      byEnd.shift()
    }
    const other = [...newest.values()].find(({ by, begunAt }) => by !== write.by && begunAt > (newest.get(write.by)?.begunAt ?? -Infinity))
    if (other === undefined || witness.madeWritable.some(({ server, at }) => server === write.by && at > other.begunAt && at <= write.at)) continue
    return [`I2 ${write.by} acknowledged a write begun at ${Math.round(write.begunAt)} though ${other.by} had acknowledged one at ${Math.round(other.at)}`]
  }
  return []
}

/** I3: what began after a promotion is acknowledged by nobody but the promoted server. */
function writesBesidePromoted(simulation: Simulation): readonly string[] {
  if (simulation.policy !== 'semi-sync') return []
  const { madeWritable } = simulation.witness
  const wrong = simulation.acknowledged.filter(({ by, begunAt, at }) => {
    const promoted = madeWritable.findLast(made => made.at <= begunAt)
    const since = madeWritable.filter(made => made.at > begunAt && made.at <= at)
    return promoted !== undefined && promoted.server !== by && !since.some(({ server }) => server === by)
  })
  return wrong.length === 0 ? [] : [`I3 ${wrong.length} writes acknowledged by a deposed primary, the first by ${wrong[0]?.by ?? ''} at ${Math.round(wrong[0]?.at ?? 0)}`]
}

/** I4: a minute after everything healed there is one primary, and nobody else takes writes; or a named state says what keeps it so. */
function notConverged(simulation: Simulation): readonly string[] {
  const taking = writable(simulation)
  if (taking.length === 1 && taking[0] !== undefined) return strays(simulation, taking[0])
  const named = simulation.leader?.recovery.findings().filter(({ code, warnings }) => code !== 'NoProblem' || warnings.length > 0) ?? []
  if (taking.length === 0 && named.length > 0) return []
  return [`I4 ${taking.length} servers take writes in the end (${taking.map(({ key }) => key).join(', ')}), and ${named.length === 0 ? 'nothing is said of it' : named.map(({ code, key }) => `${key} ${code}`).join(', ')}`]
}

/** Everybody else follows the primary, or is read-only and shown as one that does not. */
function strays(simulation: Simulation, primary: MysqlModel): readonly string[] {
  const { leader } = simulation
  if (leader === undefined) return ['I4 nobody leads the managers']
  const topology = leader.inventory.topology
  return [...simulation.all.values()].filter(({ key }) => key !== primary.key).flatMap(server => {
    if (isBelow(simulation, server, primary.key) || isGivenUp(simulation, server)) return []
    // Whoever replicates from one that stands is where that one's mending finds it.
    const isShown = above(simulation, server).some(({ key }) => {
      const known = topology.get(key)
      return known !== undefined && !isReplicating(known) && key !== primary.key
    })
    return isShown && server.readOnly ? [] : [`I4 ${server.key} follows ${server.channel.source ?? 'nobody'} (${server.channel.receiver}, ${server.channel.applier}), and is not shown as broken`]
  })
}

/** It, or one that it hangs below, was lost in a recovery, and stands so in its record and in its downtime. */
function isGivenUp(simulation: Simulation, server: MysqlModel): boolean {
  const lost = new Set(simulation.memory.recoveries.flatMap(({ lostReplicas, key, successor }) => [...lostReplicas, ...(successor === null ? [] : [key])]))
  return above(simulation, server).some(({ key }) => lost.has(key)) && server.readOnly
}

/** The server and its sources, as far as they go. */
function above({ all, keys }: Simulation, server: MysqlModel): readonly MysqlModel[] {
  const chain: MysqlModel[] = []
  for (let at: MysqlModel | undefined = server; at !== undefined && chain.length <= keys.length; at = at.channel.source === null ? undefined : all.get(at.channel.source)) chain.push(at)
  return chain
}

function isBelow({ all, keys }: Simulation, server: MysqlModel, primary: InstanceKey): boolean {
  let at: MysqlModel | undefined = server
  for (let hops = 0; hops <= keys.length && at !== undefined; hops += 1) {
    if (at.key === primary) return true
    if (at.channel.receiver !== 'running' || at.channel.applier !== 'running' || at.channel.source === null) return false
    at = all.get(at.channel.source)
  }
  return false
}

/** I10: faults that leave the primary serving its clients and replicas replace nobody. */
function needlessFailovers({ plan, memory }: Simulation): readonly string[] {
  if (plan.some(({ fault }) => fault.mayFailOver)) return []
  const promoted = memory.recoveries.filter(({ kind, successor }) => kind === 'MasterRecovery' && successor !== null)
  return promoted.map(({ key, code }) => `I10 ${key} was replaced (${code}) though it served everybody`)
}

/**
 * I14: every failure that is still there says what will be done about it, or why nothing is; and whatever was detected was recovered, or it was written
 * down why not, unless whoever had detected it was killed.
 */
function unexplained({ leader, memory, ended }: Simulation): readonly string[] {
  const silent = leader?.recovery.findings().filter(finding => finding.code !== 'NoProblem' && leader.recovery.outlook(finding).reason.text === '') ?? []
  const isTold = ({ id, key, code }: Detection): boolean => memory.recoveries.some(({ detectionId }) => detectionId === id)
    || memory.audit.some(entry => entry.kind === 'recovery-not-attempted' && entry.key === key && entry.message.startsWith(`${code}: `))
  const untold = memory.detections.filter(detection => !ended.has(detection.nodeToken) && !isTold(detection))
  return [...silent.map(({ key, code }) => `I14 nothing is said of ${code} on ${key}`), ...untold.map(({ key, code }) => `I14 ${code} on ${key} was detected, and nothing says what came of it`)]
}

/** I7: recoveries of the cluster never overlap, but for those that a dead manager left behind. */
function twoAtOnce({ memory }: Simulation): readonly string[] {
  const all = memory.recoveries.filter(({ endedAt }) => endedAt !== null)
  const pairs = all.flatMap((one, index) => all.slice(index + 1).filter(other => other.nodeToken !== one.nodeToken ? false : other.startedAt < (one.endedAt ?? 0) && one.startedAt < (other.endedAt ?? 0)).map(other => [one, other] as const))
  return pairs.map(([one, other]) => `I7 two recoveries at once: of ${one.key} and of ${other.key}`)
}

/** I8: what a manager began and did not end, another one has ended. */
function leftHalfDone({ memory }: Simulation): readonly string[] {
  const recoveries = memory.recoveries.filter(({ endedAt, isActive }) => endedAt === null && isActive).map(({ key }) => `I8 the recovery of ${key} was never ended`)
  return [...recoveries, ...memory.intents.filter(({ endedAs }) => endedAs === null).map(({ intent }) => `I8 the plan ${intent.plan.kind} (${intent.by}) was never ended`)]
}
