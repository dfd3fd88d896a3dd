import { Button } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { client } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { failureText } from '../../actions/run.ts'
import { lagWords } from '../../instance/server-words.ts'
import { StatusMark } from '../../instance/status-mark.tsx'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { duration } from '../../words/format.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { useTitle } from '../title.ts'

export const AllPools = () => <Pools cluster={null} />

export function PoolsOfCluster() {
  const { name = '' } = useParams({ strict: false })
  return <Pools cluster={name} />
}

/** Which servers are in which pools, and how they are. */
function Pools({ cluster }: { readonly cluster: string | null }) {
  const { t } = useTranslation()
  const whyNot = useMayAct()
  // By name or alias; the program knows clusters of pools by their names.
  const { data: fleet } = useQuery(queries.fleet)
  const name = fleet?.clusters.find(row => row.alias === cluster || row.name === cluster)?.name ?? cluster
  const pools = useQuery(queries.pools(name))
  const { data: known } = useQuery(queries.servers)
  useTitle(...(cluster === null ? [] : [cluster]), t('pools.title'))
  const servers = new Map((known?.servers ?? []).map(server => [server.key, server]))
  const groups = [...Map.groupBy(pools.data?.members ?? [], ({ cluster: of, pool }) => JSON.stringify([of, pool]))].map(([, members]) => members)
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('pools.title')}</h1>
        {cluster === null ? null : (
          <>
            <span className="dim">{t('pools.of', { cluster })}</span>
            <Link to="/pools" className="button-link">
              {t('pools.all')}
            </Link>
          </>
        )}
        <span className="grow" />
        <Button
          size="xs"
          variant="default"
          disabled={whyNot !== null}
          {...(whyNot === null ? {} : { title: whyNot })}
          onClick={() => openDialog({ kind: 'submit-pool', pool: '', members: [] })}
        >
          {t('pools.submit')}
        </Button>
      </div>
      {pools.isPending ? <Loading /> : null}
      {pools.isError ? <Failure error={pools.error} retry={() => void pools.refetch()} /> : null}
      {pools.data !== undefined && groups.length === 0 ? <Empty icon={<IconStack2 size={40} aria-hidden />} title={t('pools.none')} text={t('pools.noneText')} /> : null}
      <div className="fact-grid">
        {groups.map(members => {
          const [first] = members
          if (first === undefined) return null
          const keys = members.map(({ instance }) => String(instance))
          return (
            <section key={`${first.cluster} ${first.pool}`} className="fact-card" aria-label={`${first.pool}, ${first.alias || first.cluster}`}>
              <div className="row">
                <h2>{first.pool}</h2>
                <ClusterLink row={{ name: first.cluster, alias: first.alias }} />
                <span className="grow" />
                <Button size="compact-xs" variant="default" disabled={whyNot !== null} onClick={() => openDialog({ kind: 'submit-pool', pool: first.pool, members: keys })}>
                  {t('pools.change')}
                </Button>
              </div>
              <ul className="pool-members">
                {keys.map(key => (
                  <Member key={key} name={key} server={servers.get(key)} />
                ))}
              </ul>
              <Usable cluster={first.cluster} pool={first.pool} />
            </section>
          )
        })}
      </div>
    </div>
  )
}

function Member({ name, server }: { readonly name: string; readonly server: ServerView | undefined }) {
  const { t } = useTranslation()
  const worst = server?.statuses[0]
  return (
    <li>
      {server === undefined ? (
        <span className="mono">{name}</span>
      ) : (
        <Link to="/server/$host/$port" params={{ host: server.host, port: String(server.port) }} className="mono">
          {server.alias === '' ? name : server.alias}
        </Link>
      )}
      {server === undefined || worst === undefined ? <span className="dim">{t('pools.notPolled')}</span> : <StatusMark status={worst} server={server} />}
      <span className="dim">{server === undefined ? '' : [server.dataCenter, ...(server.replication === null ? [] : [lagWords(server, t)])].filter(text => text !== '').join(' · ')}</span>
    </li>
  )
}

/** What a program would be told to use now; asked when it is wanted. */
function Usable({ cluster, pool }: { readonly cluster: string; readonly pool: string }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const usable = useQuery({
    queryKey: ['pools', 'usable', cluster, pool],
    queryFn: () => client.read<{ readonly instances: readonly { readonly key: string }[] }>('heuristic-cluster-pool-instances', { cluster, pool }),
    enabled: isOpen,
    staleTime: 0,
    retry: false,
  })
  const lag = useQuery({
    queryKey: ['pools', 'lag', cluster, pool],
    queryFn: () => client.read<{ readonly lagSeconds: number }>('heuristic-cluster-pool-lag', { name: cluster, pool }),
    enabled: isOpen,
    staleTime: 0,
    retry: false,
  })
  return (
    <details onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{t('pools.usable')}</summary>
      {usable.isError ? <p className="ink-warning">{failureText(usable.error)}</p> : null}
      {usable.data === undefined ? null : (
        <p>
          {t('pools.usableText', { count: usable.data.instances.length })}
          {usable.data.instances.length === 0 ? '' : `: ${usable.data.instances.map(({ key }) => key).join(', ')}`}
        </p>
      )}
      {lag.data === undefined ? null : <p>{t('pools.lag', { time: duration(lag.data.lagSeconds) })}</p>}
      {lag.isError ? <p className="dim">{failureText(lag.error)}</p> : null}
    </details>
  )
}
