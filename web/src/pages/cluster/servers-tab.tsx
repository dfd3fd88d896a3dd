import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { SelectionBar } from '../../actions/selection-bar.tsx'
import { ServerPanel } from '../../instance/server-panel.tsx'
import type { ClusterSearch } from '../../router.tsx'
import { ListView } from './list-view.tsx'
import { useChosen } from './use-chosen.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'

/** All servers of the cluster as a table, with the panel of the chosen one. */
export function ServersTab({ cluster, search }: { readonly cluster: ClusterView; readonly search: ClusterSearch }) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const chosen = useChosen(cluster)
  const selected = cluster.members.find(member => member.key === search.node) ?? null
  const select = (key: string | null): void => setSearch({ node: key ?? undefined })
  return (
    <div className="topology">
      <div className="topology-bar">
        <TextInput
          data-filter
          size="xs"
          w={320}
          aria-label={t('cluster.filter')}
          title={t('cluster.filterHelp')}
          placeholder={t('cluster.filter')}
          leftSection={<IconSearch size={14} />}
          value={search.q ?? ''}
          onChange={event => setSearch({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
        />
        <span className="dim">{t('cluster.filterHelp')}</span>
      </div>
      {chosen.servers.length === 0 ? null : <SelectionBar servers={chosen.servers} clear={chosen.clear} />}
      <div className="topology-body">
        <ListView cluster={cluster} selected={selected?.key ?? null} select={select} query={search.q ?? ''} chosen={chosen.chosen} choose={chosen.choose} />
        {selected === null ? null : <ServerPanel key={selected.key} server={selected} cluster={cluster} select={select} />}
      </div>
    </div>
  )
}
