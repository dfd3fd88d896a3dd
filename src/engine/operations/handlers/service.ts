import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import type { Handler } from '../handler.ts'

const audit: Handler<Contract['audit']> = async ({ page = 0, instance }, parts) => ok(await parts.store.audit.list({ page, ...(instance === undefined ? {} : { key: instance }) }))

const health: Handler<Contract['health']> = async (_input, parts) => ok(await parts.health())

const status: Handler<Contract['status']> = async (_input, parts) => ok(await parts.health())

const lbCheck: Handler<Contract['lb-check']> = () => ok(null)

const leaderCheck: Handler<Contract['leader-check']> = ({ status }, parts) => {
  const chosen = status !== undefined && /^[1-5]\d\d$/.test(status) ? Number(status) : 404
  return ok({ isLeader: parts.isLeader(), status: chosen })
}

export const serviceHandlers = { 'audit': audit, 'health': health, 'status': status, 'lb-check': lbCheck, 'leader-check': leaderCheck }
