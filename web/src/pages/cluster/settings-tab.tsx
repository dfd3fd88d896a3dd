import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SubmittedPair } from '../../../../src/contract/publication.ts'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { HookLists } from '../../actions/hook-lists.tsx'
import { useMayAct } from '../../actions/may-act.ts'
import { failureText } from '../../actions/run.ts'
import { client } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useNameOf } from '../../instance/names.ts'
import { StatusMark } from '../../instance/status-mark.tsx'
import { Facts } from '../../ui/facts.tsx'
import { duration } from '../../words/format.ts'
import { hasAlias } from '../cluster-name.ts'

/** What holds for the cluster as a whole: what it is called, what recovers it, who is told of its primary, who may take over, what would run. */
export function SettingsTab({ cluster }: { readonly cluster: ClusterView }) {
  return (
    <div className="tab-page cluster-settings">
      <Names cluster={cluster} />
      <Recovery cluster={cluster} />
      <Published cluster={cluster} />
      <SchemaChanges cluster={cluster} />
      <Hooks cluster={cluster} />
      <Candidates cluster={cluster} />
    </div>
  )
}

function Names({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const mayNot = useMayAct()
  return (
    <section className="fact-card">
      <div className="row">
        <h2>{t('clusterSettings.names')}</h2>
        <span className="grow" />
        <Button size="compact-xs" variant="default" disabled={mayNot !== null} {...(mayNot === null ? {} : { title: mayNot })} onClick={() => openDialog({ kind: 'cluster-alias', cluster })}>
          {t('clusterMenu.alias')}
        </Button>
      </div>
      <Facts
        facts={[
          [t('clusterSettings.name'), <code key="name">{cluster.name}</code>],
          [t('panel.alias'), hasAlias(cluster) ? cluster.alias : <span className="dim">{t('clusterSettings.noAlias')}</span>],
          [t('lists.domain'), cluster.domain === '' ? <span className="dim">{t('clusterSettings.noDomain')}</span> : <code key="domain">{cluster.domain}</code>],
        ]}
      />
    </section>
  )
}

function Recovery({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const { data: me } = useQuery(queries.me)
  const filters = (texts: readonly string[]) =>
    texts.length === 0 ? (
      <span className="dim">{t('auto.noFilters')}</span>
    ) : (
      texts.map(text => (
        <code key={text} className="block">
          {text}
        </code>
      ))
    )
  return (
    <section className="fact-card">
      <h2>{t('auto.title')}</h2>
      <Facts
        facts={[
          [t('clusters.covered'), cluster.recoversPrimary ? t('cluster.autoPrimary') : t('cluster.autoPrimaryNot')],
          [t('clusterSettings.filters'), <span key="primary">{filters(me?.recoveryFilters.primary ?? [])}</span>],
          [t('clusters.coveredIntermediate'), cluster.recoversIntermediate ? t('cluster.autoIntermediate') : t('cluster.autoIntermediateNot')],
          [t('clusterSettings.filtersIntermediate'), <span key="intermediate">{filters(me?.recoveryFilters.intermediate ?? [])}</span>],
        ]}
      />
      {me === undefined || me.recoveries.enabled ? null : <p className="ink-warning">{t('auto.globalOff')}</p>}
    </section>
  )
}

/** Who is told of the primary. What was written is shown after it was written again: nobody else knows what stands outside. */
function Published({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const mayNot = useMayAct()
  const [state, setState] = useState<'idle' | 'busy' | { readonly pairs: readonly SubmittedPair[] } | { readonly failed: string }>('idle')
  const write = async (): Promise<void> => {
    setState('busy')
    try {
      setState({ pairs: await client.read<readonly SubmittedPair[]>('submit-primaries', { cluster: cluster.name }) })
    } catch (error) {
      setState({ failed: failureText(error) })
    }
  }
  return (
    <section className="fact-card">
      <div className="row">
        <h2>{t('clusterSettings.published')}</h2>
        <span className="grow" />
        <Button size="compact-xs" variant="default" loading={state === 'busy'} disabled={mayNot !== null} {...(mayNot === null ? {} : { title: mayNot })} onClick={() => void write()}>
          {t('clusterSettings.writeAgain')}
        </Button>
      </div>
      {cluster.unpublished.length === 0 ? <p>{t('clusterSettings.allTold')}</p> : null}
      {cluster.unpublished.map(({ place, text }) => (
        <p key={place} className="ink-warning">
          {place}: {text}
        </p>
      ))}
      <div role="status">
        {typeof state === 'object' && 'failed' in state ? <p className="ink-critical">{state.failed}</p> : null}
        {typeof state === 'object' && 'pairs' in state ? (
          state.pairs.length === 0 ? (
            <p className="dim">{t('clusterSettings.nothingWritten')}</p>
          ) : (
            <ul className="pairs">
              {state.pairs.map(({ key, value }) => (
                <li key={key}>
                  <code>
                    {key} = {value}
                  </code>
                </li>
              ))}
            </ul>
          )
        ) : null}
      </div>
    </section>
  )
}

function SchemaChanges({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const read = <Output,>(operation: string) => ({
    queryKey: ['cluster-settings', operation, cluster.name], queryFn: () => client.read<Output>(operation, { cluster: cluster.name }), staleTime: 0, retry: false,
  })
  const osc = useQuery(read<readonly { readonly key: string }[]>('cluster-osc-replicas'))
  const ghost = useQuery(read<readonly { readonly key: string }[]>('cluster-gh-ost-replicas'))
  const lag = useQuery(read<number>('cluster-heuristic-lag'))
  const names = (query: typeof osc) =>
    query.isError ? <span className="ink-warning">{failureText(query.error)}</span> : query.data === undefined ? '…' : query.data.length === 0 ? <span className="dim">{t('recoveries.noSuccessor')}</span> : query.data.map(({ key }) => nameOf(key)).join(', ')
  return (
    <section className="fact-card">
      <h2>{t('clusterSettings.schema')}</h2>
      <Facts
        facts={[
          [t('clusterSettings.osc'), names(osc)],
          [t('clusterSettings.oscLag'), lag.isError ? <span className="dim">{failureText(lag.error)}</span> : lag.data === undefined ? '…' : duration(lag.data)],
          [t('clusterSettings.ghost'), names(ghost)],
        ]}
      />
    </section>
  )
}

function Candidates({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const mayNot = useMayAct()
  const order = ['must', 'prefer', 'neutral', 'prefer_not', 'must_not']
  const replicas = cluster.members.filter(member => member.replication !== null).toSorted((left, right) => order.indexOf(left.promotionRule) - order.indexOf(right.promotionRule))
  const [isWhole, setWhole] = useState(false)
  const ruled = replicas.filter(member => member.promotionRule !== 'neutral')
  const shown = isWhole ? replicas : ruled
  return (
    <section className="fact-card whole-row">
      <h2>{t('clusterSettings.candidates')}</h2>
      <p className="dim">{t('clusterSettings.candidatesText')}</p>
      {shown.length === 0 ? (
        <p>{t('clusterSettings.allNeutral')}</p>
      ) : (
        <table className="table compact as-cards">
          <thead>
            <tr>
              <th scope="col">{t('list.name')}</th>
              <th scope="col">{t('panel.promotion')}</th>
              <th scope="col">{t('list.status')}</th>
              <th scope="col">{t('list.site')}</th>
              <th scope="col">{t('list.version')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('list.menu')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(server => {
              const worst = server.statuses[0]
              return (
                <tr key={server.key}>
                  <th scope="row" className="mono">
                    <Link to="/server/$host/$port" params={{ host: server.host, port: String(server.port) }}>
                      {nameOf(server.key)}
                    </Link>
                  </th>
                  <td data-label={t('panel.promotion')}>{t(`panel.promotionRule.${server.promotionRule}`)}</td>
                  <td data-label={t('list.status')}>{worst === undefined ? null : <StatusMark status={worst} server={server} />}</td>
                  <td data-label={t('list.site')}>{server.dataCenter}</td>
                  <td data-label={t('list.version')}>{server.version}</td>
                  <td>
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={mayNot !== null}
                      aria-label={t('clusterSettings.changeRule', { server: nameOf(server.key) })}
                      onClick={() => openDialog({ kind: 'promotion-rule', server })}
                    >
                      {t('pools.change')}
                    </Button>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {replicas.length === ruled.length ? null : (
        <button type="button" className="link-button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('clusterSettings.onlyRuled') : t('clusterSettings.allReplicas', { count: replicas.length })}
        </button>
      )}
    </section>
  )
}

/** The commands that would run if the primary died now, as a rehearsal of that tells. */
function Hooks({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const [isAsked, setAsked] = useState(false)
  const instance = cluster.primary?.key ?? ''
  const foreseen = useQuery({ queryKey: ['what-if', { instance }], queryFn: () => client.whatIf({ instance }), enabled: isAsked && instance !== '', staleTime: 0, gcTime: 0, retry: false })
  const [first] = foreseen.data?.servers ?? []
  return (
    <section className="fact-card">
      <h2>{t('clusterSettings.hooks')}</h2>
      <p className="dim">{t('clusterSettings.hooksText')}</p>
      {foreseen.isError ? <p className="ink-warning">{failureText(foreseen.error)}</p> : null}
      {first === undefined ? (
        <Button size="xs" variant="default" loading={foreseen.isFetching} disabled={instance === ''} onClick={() => setAsked(true)}>
          {t('clusterSettings.showHooks')}
        </Button>
      ) : (
        <HookLists hooks={first.hooks} />
      )}
    </section>
  )
}
