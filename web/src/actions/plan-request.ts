import i18next from 'i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import type { OperationInput } from '../api/client.ts'
import type { Act, Typed } from './acts/act.ts'
import type { PlanRequest } from './dialogs.ts'
import { acts } from './menu.ts'

type PlanAct = Extract<Act, { readonly does: 'plan' | 'plan-by-role' }>
export type Place = Pick<ClusterView, 'primary' | 'alias' | 'name'>

/** What is said of an act and what must be typed for it: from our own tables, whoever asks for it. */
export function planRequestOf(act: PlanAct, server: ServerView, cluster: Place, input: OperationInput, nameOf: (key: string) => string): PlanRequest {
  const { t } = i18next
  const words = { server: nameOf(server.key) }
  const isPrimary = cluster.primary?.key === server.key
  const typedWord = (typed: Typed): string | null => (typed === 'nothing' ? null : typed === 'server' ? words.server : cluster.alias || cluster.name)
  const asksWhy = (typed: Typed): boolean => typed === 'cluster'
  const shared = { operation: act.operation, input, title: t(`act.${act.name}.title`, words), runLabel: t(`act.${act.name}.run`, words) }
  if (act.does === 'plan') return { ...shared, note: t(`act.${act.name}.text`, words), typed: typedWord(act.typed ?? 'nothing'), asksWhy: asksWhy(act.typed ?? 'nothing') }
  return {
    ...shared,
    note: isPrimary ? t(`act.${act.name}.onPrimary`, words) : t(`act.${act.name}.text`, words),
    typed: typedWord(isPrimary ? act.typed.primary : act.typed.replica),
    asksWhy: asksWhy(isPrimary ? act.typed.primary : act.typed.replica),
  }
}

/** The entry of the menu that plans with this operation. */
export const planActOf = (operation: string): PlanAct | null =>
  acts.find((act): act is PlanAct => (act.does === 'plan' || act.does === 'plan-by-role') && act.operation === operation) ?? null
