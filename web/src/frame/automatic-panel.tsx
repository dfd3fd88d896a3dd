import { Button } from '@mantine/core'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { MeView } from '../../../src/contract/views.ts'
import { openDialog } from '../actions/dialogs.ts'
import { useMayAct } from '../actions/may-act.ts'
import { queries } from '../api/queries.ts'
import { ClusterLink } from '../pages/cluster-link.tsx'
import { Outlook } from '../pages/outlook.tsx'

/** More clusters than this are a number and a way to the list of all. */
const clustersShownMax = 8

/** The switch for all, which clusters the filters cover, and what is held back until when. */
export function AutomaticPanel({ me, close }: { readonly me: MeView; readonly close: () => void }) {
  const { t } = useTranslation()
  const whyNot = useMayAct()
  const { data: fleet } = useQuery(queries.fleet)
  const { data: findings } = useQuery(queries.findings)
  const { enabled } = me.recoveries
  // Those that are left out first: that is what somebody who looks here must know.
  const clusters = (fleet?.clusters ?? []).toSorted((one, other) => Number(one.recoversPrimary) - Number(other.recoversPrimary))
  const blocked = (findings ?? []).filter(finding => finding.outlook.state === 'blocked')
  const filters = (list: readonly string[]) =>
    list.length === 0 ? <span className="dim">{t('auto.noFilters')}</span> : list.map(each => <code key={each}>{each}</code>)
  const mark = (isCovered: boolean) => (
    <span className={isCovered ? 'ink-ok' : 'dim'}>
      {isCovered ? <IconCheck size={14} aria-hidden /> : <IconMinus size={14} aria-hidden />} {t(isCovered ? 'frameMore.covered' : 'frameMore.notCovered')}
    </span>
  )
  return (
    <div className="popover">
      <h2>{t('auto.title')}</h2>
      <p>{enabled ? t('auto.globalOn') : t('auto.globalOff')}</p>
      <h3>{t('frameMore.blocked')}</h3>
      {blocked.length === 0 ? (
        <p className="dim">{t('frameMore.nothingBlocked')}</p>
      ) : (
        <ul className="plain-list">
          {blocked.map(finding => (
            <li key={`${finding.code} ${finding.server}`}>
              <strong>{finding.clusterAlias === '' ? finding.clusterName : finding.clusterAlias}</strong> · <Outlook finding={finding} />
            </li>
          ))}
        </ul>
      )}
      <h3>{t('frameMore.byCluster')}</h3>
      {clusters.length === 0 ? (
        <p className="dim">{t('frameMore.noClusters')}</p>
      ) : (
        <table className="table compact covered-table">
          <thead>
            <tr>
              <th scope="col">{t('frameMore.cluster')}</th>
              <th scope="col">{t('frameMore.primary')}</th>
              <th scope="col">{t('frameMore.intermediate')}</th>
            </tr>
          </thead>
          <tbody>
            {clusters.slice(0, clustersShownMax).map(row => (
              <tr key={row.name}>
                <th scope="row">
                  <ClusterLink row={row} />
                </th>
                <td>{mark(row.recoversPrimary)}</td>
                <td>{mark(row.recoversIntermediate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {clusters.length > clustersShownMax ? <p className="dim">{t('frameMore.moreClusters', { count: clusters.length - clustersShownMax })}</p> : null}
      <h3>{t('auto.primaryFilters')}</h3>
      <div className="row wrap">{filters(me.recoveryFilters.primary)}</div>
      <h3>{t('auto.intermediateFilters')}</h3>
      <div className="row wrap">{filters(me.recoveryFilters.intermediate)}</div>
      <Button
        size="xs"
        variant="default"
        disabled={whyNot !== null}
        {...(whyNot === null ? {} : { title: whyNot })}
        onClick={() => {
          close()
          openDialog({ kind: 'automatic', enabled })
        }}
      >
        {enabled ? t('auto.turnOff') : t('auto.turnOn')}
      </Button>
    </div>
  )
}
