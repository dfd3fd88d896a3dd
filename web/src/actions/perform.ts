import type { QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { unreachable } from '../../../src/kit/unreachable.ts'
import type { Act, Typed } from './acts/act.ts'
import { openDialog, type PlanRequest } from './dialogs.ts'
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
  const isPrimary = cluster.primary?.key === server.key
  const words = { server: name }
  const typedWord = (typed: Typed): string | null => (typed === 'nothing' ? null : typed === 'server' ? name : cluster.alias || cluster.name)
  switch (act.does) {
    case 'dialog':
      return openDialog(act.open(server, cluster))
    case 'examine':
      return examine(server.key)
    case 'now':
      void runNow(cache, act.operation, input, t(`act.${act.name}.done`, words))
      return
    case 'answer':
    case 'plan': {
      const [title, text, runLabel] = [t(`act.${act.name}.title`, words), t(`act.${act.name}.text`, words), t(`act.${act.name}.run`, words)]
      const { operation, fields = [] } = act
      if (act.does === 'answer') return openDialog({ kind: 'ask', request: { title, text, runLabel, operation, input, fields, next: { lines: act.lines } } })
      const plan = { operation, title, runLabel, note: text, typed: typedWord(act.typed ?? 'nothing') }
      if (fields.length === 0) return openDialog({ kind: 'plan', request: { ...plan, input } })
      return openDialog({ kind: 'ask', request: { title, text, runLabel: t('ask.show'), operation, input, fields, next: { plan } } })
    }
    case 'plan-by-role': {
      const note = isPrimary ? t(`act.${act.name}.onPrimary`, words) : t(`act.${act.name}.text`, words)
      const typed = typedWord(isPrimary ? act.typed.primary : act.typed.replica)
      return openDialog({
        kind: 'plan',
        request: { operation: act.operation, input, title: t(`act.${act.name}.title`, words), runLabel: t(`act.${act.name}.run`, words), note, typed },
      })
    }
    default:
      return unreachable(act)
  }
}
