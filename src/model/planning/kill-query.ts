import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { actPlan, anyServerOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { refuse } from './refusals.ts'

/** Ends the statement that a thread of the server runs; its connection stays. */
export function planKillQuery(topology: Topology, key: InstanceKey, threadText: string): Planned {
  if (!/^\d{1,15}$/.test(threadText)) return refuse('thread-invalid', { thread: threadText })
  const thread = Number(threadText)
  const server = anyServerOf(topology, key)
  if ('refused' in server) return server
  return actPlan(topology, {
    kind: 'kill-query', says: actRemark('kill-query', { server: key, thread }),
    rows: [{ step: { do: 'kill-query', on: key, thread }, ifStoppedHere: actRemark('query-killed', { thread }) }],
  })
}
