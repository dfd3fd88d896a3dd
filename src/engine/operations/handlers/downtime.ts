import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { isDowntimed } from '../../../model/topology/freshness.ts'
import { compareKeys } from '../../../model/topology/instance-key.ts'
import type { Handler } from '../handler.ts'

const defaultSeconds = 600

const beginDowntime: Handler<Contract['begin-downtime']> = async ({ instance: key, owner, reason, duration }, parts, { by }) => {
  const beginsAt = parts.clock.now()
  const seconds = duration === undefined || duration === 0 ? defaultSeconds : duration
  await parts.journal.propose({ do: 'begin-downtime', key, downtime: { owner: owner ?? by, reason, beginsAt, endsAt: beginsAt + seconds * 1000 } })
  return ok(key)
}

const endDowntime: Handler<Contract['end-downtime']> = async ({ instance: key }, parts) => {
  await parts.journal.propose({ do: 'end-downtime', key, kind: 'end-downtime' })
  return ok(key)
}

const downtimed: Handler<Contract['downtimed']> = ({ cluster }, parts) => {
  const now = parts.clock.now()
  return ok(
    [...parts.topology().instances.values()]
      .filter(server => isDowntimed(server, now) && (cluster === undefined || server.clusterName === cluster))
      .sort((left, right) => compareKeys(left.key, right.key)),
  )
}

export const downtimeHandlers = { 'begin-downtime': beginDowntime, 'end-downtime': endDowntime, 'downtimed': downtimed }
