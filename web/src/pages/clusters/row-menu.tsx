import { ActionIcon, Menu } from '@mantine/core'
import { IconAlertTriangle, IconClockPause, IconDots, IconExternalLink, IconLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow } from '../../../../src/contract/views.ts'
import { ClusterMenuItems } from '../../actions/cluster-menu.tsx'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import type { ClusterSearch } from '../../router.tsx'
import { copyText } from '../../ui/copy.tsx'
import { clusterTitle, hasAlias } from '../cluster-name.ts'

/** What can be done with the cluster of a row; the cluster itself is asked for when its menu opens. */
export function RowMenu({ row }: { readonly row: ClusterRow }) {
  const { t } = useTranslation()
  const router = useRouter()
  const mayNot = useMayAct()
  const [isOpen, setOpen] = useState(false)
  const cluster = useQuery({ ...queries.cluster(row.name), enabled: isOpen })
  const placeOf = (search: ClusterSearch) =>
    hasAlias(row) ? ({ to: '/cluster/alias/$alias', params: { alias: row.alias }, search } as const) : ({ to: '/cluster/$name', params: { name: row.name }, search } as const)
  return (
    <Menu position="bottom-end" width={270} withinPortal opened={isOpen} onChange={setOpen} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('lists.rowMenu', { cluster: clusterTitle(row) })}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className="server-menu" aria-label={t('lists.rowMenu', { cluster: clusterTitle(row) })}>
        <div role="group" className="menu-group">
          <Menu.Item leftSection={<IconExternalLink size={15} />} onClick={() => void router.navigate(placeOf({}))}>
            {t('clusters.open')}
          </Menu.Item>
          <Menu.Item leftSection={<IconAlertTriangle size={15} />} onClick={() => void router.navigate(placeOf({ tab: 'problems' }))}>
            {t('lists.openProblems')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={15} />} onClick={() => void copyText(new URL(router.buildLocation(placeOf({})).publicHref, location.origin).href)}>
            {t('cluster.copyLink')}
          </Menu.Item>
        </div>
        {cluster.data === undefined ? (
          <Menu.Item disabled>{cluster.isError ? t('state.failed') : t('state.loading')}</Menu.Item>
        ) : (
          <div role="group" className="menu-group">
            <Menu.Item
              leftSection={<IconClockPause size={15} />}
              aria-disabled={mayNot !== null}
              {...(mayNot === null ? {} : { 'data-refused': true, 'closeMenuOnClick': false })}
              onClick={() => {
                if (mayNot === null) openDialog({ kind: 'downtime-many', servers: cluster.data.members })
              }}
            >
              {t('lists.downtimeAll')}
              {mayNot === null ? null : <span className="menu-reason">{mayNot}</span>}
            </Menu.Item>
            <ClusterMenuItems cluster={cluster.data} />
          </div>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
