import type { Contract } from '../../../contract/all.ts'
import type { ProcessHealth } from '../../../contract/service.ts'
import { fail, ok } from '../../../kit/result.ts'
import type { Handler } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'
import { raftHealthOf } from './raft.ts'

const audit: Handler<Contract['audit']> = async ({ page = 0, instance }, parts) => ok(await parts.store.audit.list({ page, ...(instance === undefined ? {} : { key: instance }) }))

/** A heartbeat is given each second. */
const aliveSeconds = 2

const activeNodes: Handler<Contract['active-nodes']> = async (_input, parts) => ok(await parts.store.node.alive(aliveSeconds))

const health: Handler<Contract['health']> = async (_input, parts) => ok(await processHealth(parts))

const status: Handler<Contract['status']> = async (_input, parts) => ok(await processHealth(parts))

/** Where each manager has a database of its own the one that acts is the leader, of whom its name is all that is told (contract high-availability.md 1). */
async function processHealth(parts: OperationParts): Promise<ProcessHealth> {
  const health = await parts.health()
  const raft = raftHealthOf(parts.group)
  const standing = parts.group.standing()
  if (raft === null && standing.mode === 'shared-store') return { ...health, raft }
  const leader = { hostname: raft?.leader ?? standing.leader?.name ?? '', token: '', version: '', firstSeenAt: null, lastSeenAt: null, command: '', backend: '' }
  return { ...health, isActive: parts.isLeader(), active: leader, raft }
}

const lbCheck: Handler<Contract['lb-check']> = () => ok(null)

const leaderCheck: Handler<Contract['leader-check']> = ({ status }, parts) => {
  const chosen = status !== undefined && /^[1-5]\d\d$/.test(status) ? Number(status) : 404
  return ok({ isLeader: parts.isLeader(), status: chosen })
}

const routedLeaderCheck: Handler<Contract['routed-leader-check']> = (_input, parts) => ok({ isLeader: parts.isLeader(), status: 404 })

const grabElection: Handler<Contract['grab-election']> = async (_input, parts, { by }) => {
  const { group } = parts
  if (group.election === undefined) return refuse(operationReason('cannot-grab', { mode: group.standing().mode }))
  const refused = await group.election.grab()
  if (refused !== null) return refuse(operationReason('not-grabbed', { text: refused.text }))
  parts.audit('grab-election', null, `by ${by}`)
  return ok(null)
}

/** In a group that agrees on its leader the leader steps aside: another one that has everything leads at once, where the original elects for seconds. */
const reelect: Handler<Contract['reelect']> = async (_input, parts, { by }) => {
  const { election, raft, standing } = parts.group
  if (election === undefined && raft === null) return refuse(operationReason('cannot-reelect', { mode: standing().mode }))
  const refused = await (election === undefined ? raft?.stepAside(null) : election.reelect())
  if (refused !== null && refused !== undefined) return fail({ refused })
  parts.audit('reelect', null, `by ${by}`)
  return ok(null)
}

export const serviceHandlers = {
  'grab-election': grabElection, 'reelect': reelect, 'active-nodes': readsStore(activeNodes),
  'audit': readsStore(audit), 'health': health, 'status': status, 'lb-check': lbCheck, 'leader-check': leaderCheck, 'routed-leader-check': routedLeaderCheck,
}
