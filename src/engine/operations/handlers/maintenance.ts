import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { compareKeys } from '../../../model/topology/instance-key.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'

const defaultSeconds = 600

const beginMaintenance: Handler<Contract['begin-maintenance']> = async ({ instance, owner, reason, duration }, parts, { by }) => {
  const beganAt = parts.clock.now()
  const seconds = duration === undefined || duration === 0 ? defaultSeconds : duration
  const lock = { owner: owner ?? by, reason, beganAt, endsAt: beganAt + seconds * 1000 }
  const id = await parts.store.maintenances.begin(instance, lock)
  if (id === null) return refuse(operationReason('maintenance-taken', { instance, reason }), { value: 0 })
  parts.facts.setMaintenance(instance, { ...lock, id })
  parts.audit('begin-maintenance', instance, `maintenanceToken: ${id}, owner: ${lock.owner}, reason: ${reason}`)
  return ok(instance)
}

const endMaintenance: Handler<Contract['end-maintenance']> = async ({ instance, maintenanceKey }, parts) => {
  if (instance !== undefined) {
    if (await parts.store.maintenances.end(instance)) parts.audit('end-maintenance', instance, '')
    parts.facts.setMaintenance(instance, null)
    return ok(instance)
  }
  if (maintenanceKey === undefined) return refuse(operationReason('nothing-asked', { names: 'instance, maintenanceKey' }))
  if (!/^[+-]?\d{1,15}$/.test(maintenanceKey)) return refuse(operationReason('number-invalid', { text: maintenanceKey }))
  const id = Number(maintenanceKey)
  const ended = await parts.store.maintenances.endById(id)
  if (ended !== null) {
    parts.facts.setMaintenance(ended, null)
    parts.audit('end-maintenance', ended, `maintenanceToken: ${id}`)
  }
  return ok(id)
}

const inMaintenance: Handler<Contract['in-maintenance']> = async ({ instance }, parts) => {
  const lock = (await parts.store.maintenances.active()).get(instance)
  return ok({ instance, isLocked: lock !== undefined && (lock.endsAt === null || lock.endsAt > parts.clock.now()) })
}

const maintenance: Handler<Contract['maintenance']> = async (_input, parts) =>
  ok([...(await parts.store.maintenances.active())].map(([instance, lock]) => ({ ...lock, instance })).sort((left, right) => compareKeys(left.instance, right.instance)))

export const maintenanceHandlers = { 'begin-maintenance': beginMaintenance, 'end-maintenance': endMaintenance, 'in-maintenance': readsStore(inMaintenance), 'maintenance': readsStore(maintenance) }
