import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { acts, type ActName } from '../actions/menu.ts'
import { useMayAct } from '../actions/may-act.ts'
import { usePerform } from '../actions/use-perform.ts'

/** What can be done now about the facts above: those that are possible; all others stand with their reasons in the menu of the server. */
export function PanelActs({ of, server, cluster }: { readonly of: readonly ActName[]; readonly server: ServerView; readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const perform = usePerform(cluster)
  const mayNot = useMayAct()
  const possible = of.flatMap(name => acts.filter(act => act.name === name && (act.isOffered?.(server) ?? true) && act.whyNot(server, cluster) === null))
  if (possible.length === 0) return null
  return (
    <div className="panel-acts">
      {possible.map(act => {
        const reason = act.isReading === true ? null : mayNot
        return (
          <Button key={act.name} size="compact-xs" variant="default" disabled={reason !== null} {...(reason === null ? {} : { title: reason })} onClick={() => perform(act, server)}>
            {t(`act.${act.name}.menu`)}
          </Button>
        )
      })}
    </div>
  )
}

/** Which acts belong to which facts. */
export const actsOfFacts = {
  trouble: ['skip', 'start', 'injectErrant', 'downtimeEnd', 'maintenanceEnd'],
  replication: ['start', 'stop', 'restart', 'move', 'detach', 'reattach', 'delay', 'reset'],
  role: ['readOnly', 'writable', 'promotionRule', 'takeover'],
  log: ['flushLogs', 'purgeLogs'],
  gtid: ['enableGtid', 'disableGtid', 'locateErrant', 'injectErrant', 'resetErrant'],
  semiSync: ['semiSyncSourceOn', 'semiSyncSourceOff', 'semiSyncReplicaOn', 'semiSyncReplicaOff'],
  labels: ['tags', 'downtimeBegin', 'maintenanceBegin'],
  view: ['refresh', 'doctor'],
} as const satisfies Readonly<Record<string, readonly ActName[]>>
