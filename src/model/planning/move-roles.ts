import type { InstanceKey } from '../topology/instance-key.ts'
import type { ActRow } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planning } from './moves.ts'
import { semiSyncAtStart } from './single.ts'
import type { Step } from './step.ts'

/** A replica that starts below another source starts with the side of semi-sync that it has there (contract refactoring.md section 6). */
export function inRole(rows: readonly ActRow[], replica: InstanceKey, target: InstanceKey, { topology, policy }: Planning): readonly ActRow[] {
  const [server, source] = [topology.get(replica), topology.get(target)]
  const at = rows.findIndex(({ step }) => step.on === replica && (step.do === 'start-receiver' || step.do === 'start-replication'))
  if (server === undefined || at < 0) return rows
  const roles = semiSyncAtStart(topology, server, policy.semiSync, source).map((step): ActRow =>
    ({ step, undo: undone(step), ifStoppedHere: actRemark('semi-sync-later', { server: replica }) }))
  return roles.length === 0 ? rows : [...rows.slice(0, at), ...roles, ...rows.slice(at)]
}

const undone = (step: Step): readonly Step[] => (step.do === 'set-semi-sync' ? [{ ...step, enabled: !step.enabled }] : [])
