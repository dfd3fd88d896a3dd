import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowRight, IconHistory, IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { colourings, type Colours } from '../../drawing/colours.ts'
import { matches } from '../../drawing/filter.ts'
import type { ClusterSearch } from '../../router.tsx'
import { later } from '../../ui/later.tsx'
import { prefer, usePreference, type Preferences } from '../../ui/preferences.ts'
import { SeverityCounts } from './severity-counts.tsx'
import { useSetClusterSearch } from './use-cluster-search.ts'
import { ViewButtons } from './view-buttons.tsx'

const FilterMenus = later(() => import('./filter-menus.tsx').then(part => part.FilterMenus))

const views = ['tree', 'list', 'text'] as const

/** Above the picture of a cluster: what is looked for, how many are how, and how it is drawn. */
export function TopologyBar({
  cluster,
  search,
  fold,
  view,
  colours,
}: {
  readonly cluster: ClusterView
  readonly search: ClusterSearch
  readonly fold: Preferences['fold']
  readonly view: (typeof views)[number]
  readonly colours: Colours
}) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const query = search.q ?? ''
  const setQuery = (q: string): void => setSearch({ q: q === '' ? undefined : q })
  return (
    <div className="topology-bar">
      <div className="bar-part">
        <TextInput
          data-filter
          size="xs"
          w={190}
          aria-label={t('cluster.filter')}
          title={t('cluster.filterHelp')}
          placeholder={t('cluster.filter')}
          leftSection={<IconSearch size={14} />}
          value={query}
          onChange={event => setQuery(event.currentTarget.value)}
        />
        <FilterMenus members={cluster.members} query={query} setQuery={setQuery} />
        {query === '' ? null : <Hits cluster={cluster} query={query} clear={() => setQuery('')} />}
        <SeverityCounts members={cluster.members} query={query} setQuery={setQuery} />
      </div>
      <div className="bar-part">
        {view === 'tree' ? <Drawing fold={fold} depth={search.depth ?? null} /> : null}
        <div className="segmented" role="group" aria-label={t('keysHelp.view')}>
          {views.map(each => (
            <button key={each} type="button" aria-pressed={view === each} onClick={() => setSearch({ view: each })}>
              {t(`cluster.${each}`)}
            </button>
          ))}
      </div>
      <Button
        size="xs"
        variant="default"
        title={t('past.openHint')}
        leftSection={<IconHistory size={15} />}
        onClick={() => setSearch({ at: Date.now(), node: undefined })}
      >
        {t('past.history')}
      </Button>
      {view === 'tree' ? <ViewButtons cluster={cluster} colours={colours} /> : null}
      </div>
    </div>
  )
}

function Hits({ cluster, query, clear }: { readonly cluster: ClusterView; readonly query: string; readonly clear: () => void }) {
  const { t } = useTranslation()
  const hits = cluster.members.filter(member => matches(member, query)).length
  return (
    <span className="row" role="status">
      {hits === 0 ? t('state.nothingMatches', { query }) : t('cluster.hits', { count: hits })}
      <Button size="compact-xs" variant="subtle" onClick={clear}>
        {t('state.clearFilter')}
      </Button>
    </span>
  )
}

const depths = [1, 2, 3, 4]

/** What is folded, what the stripes tell, and which way it grows. */
function Drawing({ fold, depth }: { readonly fold: Preferences['fold']; readonly depth: number | null }) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const [direction, colourBy] = [usePreference('direction'), usePreference('colourBy')]
  const Arrow = direction === 'right' ? IconArrowRight : IconArrowDown
  const turn = t('cluster.turn', { direction: t(direction === 'right' ? 'cluster.downwards' : 'cluster.rightwards') })
  return (
    <>
      <NativeSelect
        size="xs"
        className="bar-select"
        aria-label={t('cluster.fold')}
        value={depth === null ? fold : String(depth)}
        onChange={event => {
          const { value } = event.currentTarget
          const chosen = value === 'alike' || value === 'nothing' ? value : null
          if (chosen === null && value === 'automatic') prefer({ fold: 'automatic' })
          setSearch({ compact: undefined, fold: chosen ?? undefined, depth: /^\d+$/.test(value) ? Number(value) : undefined })
        }}
      >
        <option value="automatic">{t('cluster.foldAutomatic')}</option>
        <option value="alike">{t('cluster.foldAlike')}</option>
        <option value="nothing">{t('cluster.foldNothing')}</option>
        {depths.map(levels => (
          <option key={levels} value={String(levels)}>
            {t('cluster.foldBelow', { count: levels })}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        size="xs"
        className="bar-select"
        aria-label={t('cluster.colourBy')}
        value={colourBy}
        onChange={event => {
          const chosen = colourings.find(each => each === event.currentTarget.value)
          if (chosen !== undefined) prefer({ colourBy: chosen })
        }}
      >
        {colourings.map(each => (
          <option key={each} value={each}>
            {t('cluster.colour', { by: t(`settings.prefer.colourBy.${each}`) })}
          </option>
        ))}
      </NativeSelect>
      <ActionIcon variant="default" size={28} aria-label={turn} title={turn} onClick={() => prefer({ direction: direction === 'right' ? 'down' : 'right' })}>
        <Arrow size={15} />
      </ActionIcon>
    </>
  )
}
