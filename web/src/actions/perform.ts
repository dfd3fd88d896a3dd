import type { QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { unreachable } from '../../../src/kit/unreachable.ts'
import type { Act } from './acts/act.ts'
import { openDialog, type PlanRequest } from './dialogs.ts'
import { planRequestOf } from './plan-request.ts'
import { runNow } from './run.ts'

/** The move of a replica below another server, as a plan to be shown. */
export function relocation(server: string, destination: string, nameOf: (key: string) => string): PlanRequest {
  const { t } = i18next
  return {
    operation: 'relocate',
    input: { instance: server, destination },
    title: t('move.title', { server: nameOf(server) }),
    runLabel: t('plan.runMove', { server: nameOf(server) }),
    typed: null,
    note: null,
  }
}

/** The move of all replicas of a server below another one; that one itself stays where it is. */
export function relocationOfReplicas(server: string, destination: string, nameOf: (key: string) => string): PlanRequest {
  const { t } = i18next
  return {
    operation: 'relocate-replicas',
    input: { instance: server, destination },
    title: t('move.replicasTitle', { server: nameOf(server) }),
    runLabel: t('plan.runMoves'),
    typed: null,
    note: null,
  }
}

/** What an act works with besides the server. */
export interface Around {
  readonly cluster: ClusterView
  readonly cache: QueryClient
  readonly nameOf: (key: string) => string
  readonly examine: (server: string) => void
}

/** Starts an act: opens its dialog, or does it where it is harmless. */
export function perform(act: Act, server: ServerView, { cluster, cache, nameOf, examine }: Around): void {
  const { t } = i18next
  const name = nameOf(server.key)
  const input = { instance: server.key }
  const words = { server: name }
  switch (act.does) {
    case 'dialog':
      return openDialog(act.open(server, cluster))
    case 'examine':
      return examine(server.key)
    case 'now':
      void runNow(cache, act.operation, input, t(`act.${act.name}.done`, words))
      return
    case 'answer': {
      const { operation, fields = [] } = act
      const [title, text, runLabel] = [t(`act.${act.name}.title`, words), t(`act.${act.name}.text`, words), t(`act.${act.name}.run`, words)]
      return openDialog({ kind: 'ask', request: { title, text, runLabel, operation, input, fields, next: { lines: act.lines } } })
    }
    case 'plan-by-role':
      return openDialog({ kind: 'plan', request: planRequestOf(act, server, cluster, input, nameOf) })
    case 'plan': {
      const { operation, fields = [] } = act
      const request = planRequestOf(act, server, cluster, input, nameOf)
      if (fields.length === 0) return openDialog({ kind: 'plan', request })
      return openDialog({ kind: 'ask', request: { title: request.title, text: request.note ?? '', runLabel: t('ask.show'), operation, input, fields, next: { plan: request } } })
    }
    default:
      return unreachable(act)
  }
}
