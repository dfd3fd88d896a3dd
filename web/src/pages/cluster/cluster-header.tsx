import { IconFirstAidKit, IconFirstAidKitOff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { ClusterMenu } from '../../actions/cluster-menu.tsx'
import { clusterTitle, hasAlias } from '../cluster-name.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'

const tabs = ['topology', 'servers', 'problems', 'recoveries', 'activity', 'pools', 'settings'] as const
type Tab = (typeof tabs)[number]

/** Name, coverage, actions, tabs. */
export function ClusterHeader({ cluster, suffix, tab }: { readonly cluster: ClusterView; readonly suffix: string; readonly tab: Tab }) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const list = useRef<HTMLDivElement>(null)
  // A telephone shows a few of the tabs: the one that is open is among them.
  useEffect(() => {
    const [row, open] = [list.current, list.current?.querySelector<HTMLElement>('[aria-selected="true"]')]
    if (row !== null && open !== null && open !== undefined) row.scrollLeft = open.offsetLeft - row.offsetLeft - 14
  }, [tab])
  const counts: Readonly<Partial<Record<Tab, number>>> = {
    servers: cluster.members.length,
    problems: cluster.allFindings.length,
    recoveries: cluster.recoveries.filter(recovery => recovery.acknowledged === null).length,
  }
  return (
    <header className="cluster-head">
      <div className="row">
        <h1>{clusterTitle(cluster)}</h1>
        {hasAlias(cluster) ? <span className="dim">{t('cluster.aliasOf', { name: cluster.name })}</span> : null}
        {suffix === '' ? null : <span className="dim">· {t('cluster.suffix', { suffix })}</span>}
        <span className="grow" />
        <Coverage is={cluster.recoversPrimary} yes={t('cluster.autoPrimary')} no={t('cluster.autoPrimaryNot')} short={t('clusters.covered')} />
        <Coverage
          is={cluster.recoversIntermediate}
          yes={t('cluster.autoIntermediate')}
          no={t('cluster.autoIntermediateNot')}
          short={t('clusters.coveredIntermediate')}
        />
        <ClusterMenu cluster={cluster} />
      </div>
      <div className="tabs" role="tablist" ref={list} aria-label={clusterTitle(cluster)}>
        {tabs.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setSearch({ tab: name === 'topology' ? undefined : name })}
            onKeyDown={event => {
              const next =
                event.key === 'ArrowRight'
                  ? event.currentTarget.nextElementSibling
                  : event.key === 'ArrowLeft'
                    ? event.currentTarget.previousElementSibling
                    : null
              if (next instanceof HTMLElement) {
                next.focus()
                next.click()
              }
            }}
          >
            {t(`cluster.${name}`)}
            {(counts[name] ?? 0) === 0 ? null : <span className="tab-count">{counts[name]}</span>}
          </button>
        ))}
      </div>
    </header>
  )
}

function Coverage({ is, yes, no, short }: { readonly is: boolean; readonly yes: string; readonly no: string; readonly short: string }) {
  const Icon = is ? IconFirstAidKit : IconFirstAidKitOff
  return (
    <span className={is ? 'coverage' : 'coverage not'} title={is ? yes : no}>
      <Icon size={15} aria-hidden />
      <span aria-hidden>{short}</span>
      <span className="visually-hidden">{is ? yes : no}</span>
    </span>
  )
}
