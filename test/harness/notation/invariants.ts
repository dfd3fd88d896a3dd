import type { Condition, Step } from '../../../src/model/planning/step.ts'
import { gtidSetText, isEmptyGtidSet, parseGtidSet, subtractGtidSets } from '../../../src/model/topology/gtid-set.ts'
import { isLastCheckValid } from '../../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import { beyond, heldPosition, holdsGtids, readPosition } from '../../../src/model/topology/mariadb-held.ts'
import { hasAppliedAllItRead } from '../../../src/model/topology/received.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { held } from './effects.ts'

/** What is wrong after a step, as sentences; empty when every invariant holds. `atFirst` is the topology before the plan began. */
export function brokenInvariants(atFirst: Topology, before: Topology, step: Step, requires: readonly Condition[], after: Topology, mayRing: ReadonlySet<InstanceKey> = new Set()): readonly string[] {
  return [...writableTwice(atFirst, after), ...newRings(atFirst, after, mayRing), ...shrunk(before, step, requires, after)]
}

/** Never two writable, unless the topology began so. A server that does not answer is not counted: it is fenced or dead. */
function writableTwice(atFirst: Topology, after: Topology): readonly string[] {
  const [allowed, now] = [writable(atFirst), writable(after)]
  return now.length > Math.max(1, allowed.length) ? [`${now.join(' and ')} are writable at the same time`] : []
}

const writable = (topology: Topology): readonly InstanceKey[] =>
  [...topology.instances.values()].filter(instance => !instance.readOnly && isLastCheckValid(instance)).map(instance => instance.key)

function newRings(atFirst: Topology, after: Topology, mayRing: ReadonlySet<InstanceKey>): readonly string[] {
  return [...after.instances.keys()].filter(key => !mayRing.has(key) && after.isDescendant(key, key) && !atFirst.isDescendant(key, key)).map(key => `${key} replicates from itself in a ring`)
}

/** Retrieved ∪ executed of no server shrinks, except by what `source-holds-received` proved to be on the new source. */
function shrunk(before: Topology, step: Step, requires: readonly Condition[], after: Topology): readonly string[] {
  const broken: string[] = []
  for (const instance of before.instances.values()) {
    const now = after.get(instance.key)
    // All it had is replaced, and that is the wish.
    if (step.do === 'clone-from' && step.on === instance.key) continue
    if (now === undefined) {
      broken.push(`${instance.key} is gone`)
      continue
    }
    let lost = subtractGtidSets(held(instance), held(now))
    const meant = parseGtidSet(step.do === 'forget-gtids' && step.on === instance.key ? step.set : '')
    if (meant.ok) lost = subtractGtidSets(lost, meant.value)
    for (const condition of requires) {
      if (condition.holds !== 'source-holds-received' || condition.server !== instance.key) continue
      const source = parseGtidSet(before.get(condition.source)?.executedGtidSet ?? '')
      if (source.ok) lost = subtractGtidSets(lost, source.value)
    }
    if (!isEmptyGtidSet(lost)) broken.push(`${instance.key} loses ${gtidSetText(lost)} by ${step.do}`)
    const fellBack = beyond(heldPosition(instance), heldPosition(now))
    const isHeld = requires.some(condition => {
      const holder = condition.holds === 'source-holds-received' && condition.server === instance.key ? before.get(condition.source) : undefined
      return holder !== undefined && holdsGtids(holder, readPosition(fellBack.text))
    })
    if (fellBack.count > 0 && !isHeld) broken.push(`${instance.key} loses ${fellBack.text} by ${step.do}`)
    const forgotRelayLog = instance.mariadbGtid !== null && (instance.replication?.readCoordinates ?? null) !== null && now.replication?.readCoordinates === null
    if (forgotRelayLog && !hasAppliedAllItRead(instance) && !isHeld) broken.push(`${instance.key} loses what it has received and not applied by ${step.do}`)
  }
  return broken
}
