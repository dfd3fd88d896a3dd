import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, serverOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { type DrainPolicy, heldElsewhere, quieten, startAgain } from './quiesce.ts'
import { refuse } from './refusals.ts'
import type { Condition } from './step.ts'

const secondsMax = 2 ** 31 - 1

/**
 * Makes the applier late. Only the applier stops: the receiver goes on, and while it is there the server keeps what was received (MariaDB wants both
 * stopped). A server that is no replica takes the setting for when it becomes one, as the original has it.
 */
export function planDelay(topology: Topology, key: InstanceKey, secondsText: string, policy: DrainPolicy): Planned {
  if (!/^-?\d{1,10}$/.test(secondsText) || Number(secondsText) > secondsMax) return refuse('seconds-invalid', { text: secondsText })
  const seconds = Number(secondsText)
  if (seconds < 0) return refuse('seconds-negative', { seconds })
  const server = serverOf(topology, key)
  if ('refused' in server) return server
  const { replication: link } = server
  const says = actRemark('delay-replication', { server: key, seconds })
  const isSet = actRemark('delay-set', { server: key, seconds })
  const set = (requires: readonly Condition[]): ActRow => ({ step: { do: 'set-delay', on: key, seconds }, requires, ifStoppedHere: isSet })
  const start: ActRow = { step: { do: 'start-applier', on: key }, ifStoppedHere: actRemark('is-replica', { server: key, source: link?.source ?? '' }) }
  const applierStopped: Condition = { holds: 'applier-stopped', server: key }
  const planned = (rows: readonly ActRow[], checks: Parameters<typeof actPlan>[1]['checks'] = []): Planned => actPlan(topology, { kind: 'delay-replication', says, rows, checks })
  if (link === null) return planned([set([])])
  if (link.receiver !== 'stopped' && server.version.flavour !== 'MariaDB') {
    const stop: ActRow = { step: { do: 'stop-applier', on: key }, undo: [{ do: 'start-applier', on: key }], ifStoppedHere: actRemark('applier-stands', { server: key }) }
    const turned = set([applierStopped, { holds: 'receiver-there', server: key }])
    return planned(link.applier === 'running' ? [stop, turned, start] : [turned])
  }
  if (link.applier === 'running' || link.receiver !== 'stopped') {
    const quiet = quieten(topology, { replica: server, link }, policy)
    if ('refused' in quiet) return quiet
    const again = startAgain(key, link).map((step): ActRow => ({ ...start, step }))
    return planned([...quiet.rows, set(quiet.requires), ...again], quiet.checks)
  }
  const held = heldElsewhere(topology, server, link)
  return 'refused' in held ? held : planned([set([applierStopped, ...held.requires])], held.checks)
}
