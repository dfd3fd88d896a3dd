import { Button } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { ClusterLink } from '../cluster-link.tsx'
import { useTitle } from '../title.ts'
import { poolMatrices } from './matrix.ts'
import { PoolTable } from './pool-matrix.tsx'

export const AllPools = () => <Pools cluster={null} />

export function PoolsOfCluster() {
  const { name = '' } = useParams({ strict: false })
  return <Pools cluster={name} />
}

/** Which servers are in which pools, and how they are. */
function Pools({ cluster }: { readonly cluster: string | null }) {
  const { t } = useTranslation()
  const whyNot = useMayAct()
  const { data: fleet } = useQuery(queries.fleet)
  const known = useQuery(queries.servers)
  // Members that no server is known of are told by the operation alone, to whoever may ask it.
  const isAsked = cluster === null && whyNot === null
  const members = useQuery({ ...queries.pools(null), enabled: isAsked })
  const unknown = members.data?.unknown ?? []
  useTitle(...(cluster === null ? [] : [cluster]), t('pools.title'))
  const rowOf = (name: string) => fleet?.clusters.find(row => row.name === name) ?? { name, alias: '' }
  const matrices = useMemo(() => poolMatrices(known.data?.servers ?? []), [known.data])
  const shown = matrices.filter(({ clusterName }) => cluster === null || cluster === clusterName || cluster === rowOf(clusterName).alias)
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
      {known.isPending || members.isLoading ? <Loading /> : null}
      {known.isError && known.data === undefined ? <Failure error={known.error} retry={() => void known.refetch()} /> : null}
      {members.isError && members.data === undefined ? <Failure error={members.error} retry={() => void members.refetch()} /> : null}
      {known.data !== undefined && shown.length === 0 && unknown.length === 0 && !(isAsked && members.data === undefined) ? (
        <Empty icon={<IconStack2 size={40} aria-hidden />} title={t('pools.none')} text={t('pools.noneText')} />
      ) : null}
      {shown.map(matrix => (
        <section key={matrix.clusterName} className="pool-cluster">
          <h2>
            <ClusterLink row={rowOf(matrix.clusterName)} />
          </h2>
          <PoolTable matrix={matrix} />
        </section>
      ))}
      {unknown.length === 0 ? null : (
        <section>
          <h2>{t('poolList.unknown')}</h2>
          <p className="dim">{t('poolList.unknownText')}</p>
          <ul>
            {unknown.map(({ pool, instance }) => (
              <li key={`${pool} ${instance}`}>
                <span className="mono">{instance}</span> · {pool} · <span className="ink-warning">{t('pools.notPolled')}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
