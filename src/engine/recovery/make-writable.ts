import type { Reason } from '../../kit/reason.ts'
import { isRefusal } from '../../model/planning/plan.ts'
import { planSingle } from '../../model/planning/single.ts'
import { type Instance, isReplica } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import { failedSteps } from '../execution/plan-outcome.ts'
import { engineReason } from './engine-reasons.ts'
import { nothingDone, type Outcome, type RemedyJob } from './remedy-job.ts'

const lookMilliseconds = 2000

/** Another server of the cluster takes writes, so this one must not (invariant I2); null: nobody does. */
export function otherWritable(topology: Topology, key: InstanceKey): Reason | null {
  const server = topology.get(key)
  const other = (topology.clusters.get(server?.clusterName ?? '') ?? []).find(member => member.key !== key && isWritablePrimary(member))
  return other === undefined ? null : engineReason('another-takes-writes', { server: key, other: other.key })
}

const isWritablePrimary = (member: Instance): boolean => !member.readOnly && (!isReplica(member) || member.isCoPrimary)

/** A primary with replicas that refuses writes takes them again (contract recovery.md section 11). */
export async function makeWritable({ parts, policies, fleet, finding, story, lock, asked }: RemedyJob): Promise<Outcome> {
  const server = await fleet.look(finding.key, lookMilliseconds, 'full')
  if (server === undefined) return nothingDone(`${finding.key} does not answer`)
  const topology = fleet.topology()
  const refused = isReplica(server) ? engineReason('is-a-replica', { server: server.key }) : otherWritable(topology, server.key)
  if (refused !== null) {
    story.note('writable', refused.text, server.key, 'failed')
    return nothingDone(refused.text)
  }
  const plan = planSingle(topology, server.key, 'set-writeable', { alsoSuper: policies.alsoSuper })
  if (isRefusal(plan)) return nothingDone(plan.refused.text)
  const outcome = await parts.execution.run(plan, { by: asked.by, lock, recoveryUid: story.uid, onStep: event => story.planStep('writable', event) })
  const errors = failedSteps(outcome).map(step => step.failure?.text ?? '')
  if (outcome.state !== 'done') return { ...nothingDone(outcome.failure?.text ?? ''), errors }
  return { successor: outcome.fresh.get(server.key) ?? server, lost: [], participants: [], errors, background: [] }
}
