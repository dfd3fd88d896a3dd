import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import type { ClusterView } from '../../../src/contract/views.ts'
import { openDialog } from '../actions/dialogs.ts'
import { relocation, relocationOfReplicas } from '../actions/perform.ts'
import { verdictOn } from '../drawing/overlay.ts'
import { neededFor } from '../words/needed.ts'
import { sayReason } from '../words/say.ts'
import type { Drag } from './drag.ts'

/** A drop shows a plan, opens a dialog or leaves the reason: it never changes anything by itself. */
export function finishDrag(drag: Drag, { cluster, nameOf }: { readonly cluster: ClusterView; readonly nameOf: (key: string) => string }): void {
  const [server] = drag.servers
  if (drag.over === null || server === undefined) return
  const verdict = verdictOn(drag.over.card, drag.excluded, drag.targets)
  if (drag.over.zone === 'take-over') {
    openDialog({ kind: 'takeover', cluster, to: server })
    return
  }
  if (verdict.move === null) return
  if (verdict.move.verdict === 'refused') {
    const needs = neededFor(verdict.move.says, nameOf)
    notifications.show({
      title: i18next.t('drag.refusedTitle'),
      message: [sayReason(verdict.move.says, i18next.language), needs === null ? '' : i18next.t('drag.needed', { needs })].filter(part => part !== '').join(' · '),
      color: 'gray',
      autoClose: 12_000,
      withBorder: true,
      closeButtonProps: { 'aria-label': i18next.t('state.close') },
    })
    return
  }
  if (drag.replicasOf !== null) {
    openDialog({ kind: 'plan', request: relocationOfReplicas(drag.replicasOf, drag.over.card, nameOf) })
    return
  }
  if (drag.servers.length > 1) {
    openDialog({ kind: 'move-many', servers: cluster.members.filter(({ key }) => drag.servers.includes(key)), destination: drag.over.card })
    return
  }
  openDialog({ kind: 'plan', request: { ...relocation(server, drag.over.card, nameOf), isMoveInHand: true } })
}
