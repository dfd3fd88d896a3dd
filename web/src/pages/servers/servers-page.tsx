import { Button, Select, TextInput } from '@mantine/core'
import { IconDatabase, IconDownload, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useLayoutEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectionBar } from '../../actions/selection-bar.tsx'
import { queries } from '../../api/queries.ts'
import { matches } from '../../drawing/filter.ts'
import { callServers } from '../../instance/names.ts'
import { namesOf } from '../../instance/server-names.ts'
import { ServerPanel } from '../../instance/server-panel.tsx'
import { ColumnsMenu } from '../../ui/columns-menu.tsx'
import { useColumns } from '../../ui/columns.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { csvOf, saveFile } from '../../ui/csv.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import type { ServersSearch } from '../../router.tsx'
import { useTitle } from '../title.ts'
import { FilterWords } from './filter-words.tsx'
import { serverColumnLabels, serverColumns, serversFile, standardServerColumns } from './server-columns.ts'
import { ServerTable } from './server-table.tsx'
import { serverOrders, sortServers } from './sort-servers.ts'
import { usePreference } from '../../ui/preferences.ts'

/** Every server of every cluster, by filter; choosing some offers what can be done to all of them. */
export function ServersPage() {
  const { t } = useTranslation()
  const search: ServersSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const servers = useQuery(queries.servers)
  const { data: fleet } = useQuery(queries.fleet)
  const removed = useQuery(queries.me).data?.removedHostText
  const by = usePreference('names')
  const columns = useColumns('servers', serverColumns, standardServerColumns)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  useTitle(t('servers.title'))
  const all = servers.data?.servers ?? []
  const called = all.map(each => `${each.key} ${each.alias}`).join('\n')
  // Only when a name changes, not with every poll.
  const names = useMemo(() => namesOf(all, removed, by), [called, removed, by])
  useLayoutEffect(() => callServers(names), [names])
  const { q = '', sort = 'trouble', node } = search
  const set = (change: { readonly [Key in keyof ServersSearch]?: ServersSearch[Key] | undefined }): void =>
    void navigate({
      to: '.',
      replace: true,
      search: (before: object) => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined)),
    })
  const shown = useMemo(() => sortServers(q === '' ? all : all.filter(each => matches(each, q)), sort), [all, q, sort])
  const selected = all.find(each => each.key === node) ?? null
  const cluster = useQuery({ ...queries.cluster(selected?.clusterName ?? ''), enabled: selected !== null })
  const picked = all.filter(each => chosen.has(each.key))
  if (servers.data !== undefined && all.length === 0)
    return (
      <div className="page">
        <h1 className="visually-hidden">{t('servers.title')}</h1>
        <Empty icon={<IconDatabase size={40} aria-hidden />} title={t('servers.none')} text={t('servers.noneText')}>
          <Link to="/discover" className="button-link">
            {t('servers.discover')}
          </Link>
        </Empty>
      </div>
    )
  return (
    <div className="servers-page">
      <div className="servers-head">
        <div className="page-head">
          <h1>{t('servers.title')}</h1>
          <TextInput
            data-filter
            size="xs"
            className="servers-filter"
            aria-label={t('cluster.filter')}
            title={t('servers.filterHelp')}
            placeholder={t('cluster.filter')}
            leftSection={<IconSearch size={14} />}
            value={q}
            onChange={event => set({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
          />
          <span className="dim" role="status">
            {q !== '' && shown.length === 0 ? t('state.nothingMatches', { query: q }) : t('servers.count', { count: shown.length })}
          </span>
          {q === '' ? null : (
            <button type="button" className="link-button" onClick={() => set({ q: undefined })}>
              {t('state.clearFilter')}
            </button>
          )}
          <span className="grow" />
          <CopyButton text={shown.map(({ key }) => key).join('\n')} label={t('serverList.copy')} />
          <Button
            size="xs"
            variant="default"
            className="wide-only"
            leftSection={<IconDownload size={15} />}
            onClick={() => saveFile('orchestrator-servers.csv', csvOf(serversFile(shown, clusterName => fleet?.clusters.find(({ name }) => name === clusterName)?.alias ?? '')))}
          >
            {t('activityList.csv')}
          </Button>
          <ColumnsMenu columns={columns} label={name => t(serverColumnLabels[name])} />
          <Select
            size="xs"
            w={170}
            aria-label={t('servers.sort')}
            data={[
              { value: 'trouble', label: t('servers.byTrouble') },
              { value: 'name', label: t('servers.byName') },
              { value: 'lag', label: t('servers.byLag') },
            ]}
            value={sort}
            onChange={value => {
              const order = serverOrders.find(each => each === value)
              set({ sort: order === 'trouble' ? undefined : order })
            }}
            allowDeselect={false}
          />
        </div>
        {q === '' ? (
          <p className="dim servers-help">{t('servers.filterHelp')}</p>
        ) : (
          <FilterWords query={q} set={query => set({ q: query === '' ? undefined : query })} />
        )}
        {picked.length === 0 ? null : <SelectionBar servers={picked} clear={() => setChosen(new Set())} />}
      </div>
      {servers.isPending ? (
        <div className="page">
          <Loading />
        </div>
      ) : null}
      {servers.isError && servers.data === undefined ? (
        <div className="page">
          <Failure error={servers.error} retry={() => void servers.refetch()} />
        </div>
      ) : null}
      {servers.data === undefined ? null : (
        <div className="topology-body">
          <ServerTable clusters={fleet?.clusters ?? []} columns={columns.shown} servers={shown} selected={node ?? null} select={key => set({ node: key ?? undefined })} chosen={chosen} choose={setChosen} />
          {selected === null || cluster.data === undefined ? null : (
            <ServerPanel key={selected.key} server={selected} cluster={cluster.data} select={key => set({ node: key ?? undefined })} />
          )}
        </div>
      )}
    </div>
  )
}
