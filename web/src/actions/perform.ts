import type { QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { openDialog, type PlanRequest } from './dialogs.ts'
import type { ActName } from './menu.ts'
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

/** Starts an act: opens its dialog, or does it where it is harmless. */
export function perform(act: ActName, server: ServerView, cluster: ClusterView, nameOf: (key: string) => string, cache: QueryClient): void {
  const { t } = i18next
  const name = nameOf(server.key)
  const input = { instance: server.key }
  const isPrimary = cluster.primary?.key === server.key
  const plan = (operation: string, title: string, runLabel: string, note: string, typed: string | null = null): void =>
    openDialog({ kind: 'plan', request: { operation, input, title, runLabel, note, typed } })
  switch (act) {
    case 'move':
      return openDialog({ kind: 'move', server, cluster })
    case 'moveUp':
      return plan('move-up', t('confirm.moveUpTitle', { server: name }), t('plan.runMove', { server: name }), t('confirm.moveUpText'))
    case 'takeSiblings':
      return plan('take-siblings', t('confirm.takeSiblingsTitle', { server: name }), t('plan.runMoves'), t('confirm.takeSiblingsText', { server: name }))
    case 'takeSource':
      return plan('take-source', t('confirm.takeSourceTitle', { server: name }), t('plan.runMoves'), t('confirm.takeSourceText', { server: name }))
    case 'regroup':
      return plan('regroup-replicas', t('confirm.regroupTitle', { server: name }), t('plan.runMoves'), t('confirm.regroupText', { server: name }))
    case 'takeover':
      return openDialog({ kind: 'takeover', cluster, to: server.key })
    case 'recover':
      return openDialog({ kind: 'recover', server: server.key, clusterName: cluster.name, clusterAlias: cluster.alias })
    case 'start':
      return plan('start-replica', t('confirm.startTitle', { server: name }), t('plan.runStart', { server: name }), t('confirm.startText'))
    case 'stop':
      return plan('stop-replica', t('confirm.stopTitle', { server: name }), t('plan.runStop', { server: name }), t('confirm.stopText'))
    case 'restart':
      return plan('restart-replica', t('confirm.restartTitle', { server: name }), t('plan.runRestart', { server: name }), t('confirm.restartText'))
    // What must be typed follows the policy for dangerous acts: a primary that refuses writes is level 3, a replica that takes them level 2.
    case 'readOnly':
      return plan(
        'set-read-only',
        t('confirm.readOnlyTitle', { server: name }),
        t('plan.runReadOnly', { server: name }),
        isPrimary ? t('confirm.readOnlyPrimaryText') : t('confirm.readOnlyText'),
        isPrimary ? cluster.alias || cluster.name : null,
      )
    case 'writable':
      return plan(
        'set-writeable',
        t('confirm.writableTitle', { server: name }),
        t('plan.runWritable', { server: name }),
        isPrimary ? t('confirm.writableText') : t('confirm.writableReplicaText'),
        isPrimary ? null : name,
      )
    case 'downtimeBegin':
      return openDialog({ kind: 'downtime', server })
    case 'downtimeEnd':
      void runNow(cache, 'end-downtime', input, t('done.downtimeEnded', { server: name }))
      return
    case 'refresh':
      void runNow(cache, 'refresh', input, t('done.refreshed', { server: name }))
      return
    case 'forget':
      return openDialog({ kind: 'forget', server })
  }
}
