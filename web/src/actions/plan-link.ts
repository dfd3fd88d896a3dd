import i18next from 'i18next'
import type { ClusterView } from '../../../src/contract/views.ts'
import { moveMethods } from './acts/move-methods.ts'
import type { PlanRequest } from './dialogs.ts'
import { planActOf, planRequestOf } from './plan-request.ts'
import type { PlanSearch } from './plan-search.ts'

/** The address that opens this plan, on whichever cluster page its server is by then; null: it has no server. */
export function planAddress({ operation, input }: PlanSearch): string | null {
  const [, host, port] = /^(.+):(\d+)$/.exec(String(input['instance'] ?? '')) ?? []
  if (host === undefined || port === undefined || (planActOf(operation) === null && kindOfMove(operation) === null)) return null
  const search = new URLSearchParams({ do: 'plan', operation, input: JSON.stringify(input) })
  return new URL(`cluster/instance/${encodeURIComponent(host)}/${port}?${search.toString()}`, document.baseURI).href
}

/** Which of the two moves of the move dialog an operation is. */
export const kindOfMove = (operation: string): 'server' | 'replicas' | null =>
  Object.values(moveMethods).reduce<'server' | 'replicas' | null>((found, each) => found ?? (each.server === operation ? 'server' : each.replicas === operation ? 'replicas' : null), null)

/** The request behind an address; null: this page knows no such act on a server of this cluster. */
export function planFromSearch({ operation, input }: PlanSearch, cluster: ClusterView, nameOf: (key: string) => string): PlanRequest | null {
  const server = cluster.members.find(({ key }) => key === input['instance'])
  if (server === undefined) return null
  const move = kindOfMove(operation)
  const words = { server: nameOf(server.key) }
  if (move !== null) {
    return {
      operation, input, typed: null, note: null,
      title: move === 'server' ? i18next.t('move.title', words) : i18next.t('move.replicasTitle', words),
      runLabel: move === 'server' ? i18next.t('plan.runMove', words) : i18next.t('plan.runMoves'),
    }
  }
  const act = planActOf(operation)
  return act === null ? null : planRequestOf(act, server, cluster, input, nameOf)
}
