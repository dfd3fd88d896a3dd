import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { failureText } from '../../actions/run.ts'
import { client } from '../../api/client.ts'
import { useNameOf } from '../../instance/names.ts'
import { lagWords } from '../../instance/server-words.ts'
import { StatusMark } from '../../instance/status-mark.tsx'
import { duration } from '../../words/format.ts'
import type { PoolMatrix } from './matrix.ts'

/** Pools across, servers down, with how each server is; below it what can be used now. */
export function PoolTable({ matrix }: { readonly matrix: PoolMatrix }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const whyNot = useMayAct()
  const { clusterName, pools, servers } = matrix
  return (
    <>
      <div className="table-scroll">
        <table className="table compact as-cards">
          <thead>
            <tr>
              <th scope="col">{t('pools.server')}</th>
              <th scope="col">{t('pools.status')}</th>
              <th scope="col">{t('list.lag')}</th>
              <th scope="col">{t('pools.site')}</th>
              {pools.map(({ name, members }) => (
                <th key={name} scope="col">
                  <span className="row tight">
                    {name}
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      disabled={whyNot !== null}
                      aria-label={t('poolList.change', { pool: name })}
                      {...(whyNot === null ? {} : { title: whyNot })}
                      onClick={() => openDialog({ kind: 'submit-pool', pool: name, members })}
                    >
                      {t('pools.change')}
                    </Button>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {servers.map(server => {
              const worst = server.statuses[0]
              return (
                <tr key={server.key}>
                  <th scope="row" className="mono">
                    <Link to="/server/$host/$port" params={{ host: server.host, port: String(server.port) }}>
                      {server.alias || nameOf(server.key)}
                    </Link>
                  </th>
                  <td data-label={t('pools.status')}>{worst === undefined ? null : <StatusMark status={worst} server={server} />}</td>
                  <td data-label={t('list.lag')}>{server.replication === null ? '–' : lagWords(server, t)}</td>
                  <td data-label={t('pools.site')}>{server.dataCenter}</td>
                  {pools.map(({ name }) => (
                    <td key={name} data-label={name}>
                      {(server.pools ?? []).includes(name) ? (
                        <span className="row tight">
                          <IconCheck size={16} aria-hidden />
                          {t('poolList.in')}
                        </span>
                      ) : (
                        <span className="dim" aria-label={t('poolList.notIn')}>
                          –
                        </span>
                      )}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <ul className="pool-usable">
        {pools.map(({ name }) => (
          <li key={name}>
            <Usable cluster={clusterName} pool={name} />
          </li>
        ))}
      </ul>
    </>
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
      <summary>
        {pool}: {t('pools.usable')}
      </summary>
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
