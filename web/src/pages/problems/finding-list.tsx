import { Button } from '@mantine/core'
import { IconAlertTriangleFilled, IconCircleXFilled, IconClockPause } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ClusterView, FindingView } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { failureText, tellFailure } from '../../actions/run.ts'
import { queries } from '../../api/queries.ts'
import { clock } from '../../words/format.ts'
import { useSay } from '../../words/say.ts'
import { useNameOf } from '../../instance/names.ts'
import { blockingRecovery } from '../cluster/situation.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { findingWords } from '../finding-words.ts'
import { Outlook, Since } from '../outlook.tsx'

/** Open findings, worst first: failures above warnings, kept apart even on the same server. */
export function FindingList({ findings, cluster }: { readonly findings: readonly FindingView[]; readonly cluster: ClusterView | null }) {
  const { t } = useTranslation()
  const failures = findings.filter(finding => finding.severity === 'critical')
  const warnings = findings.filter(finding => finding.severity === 'warning')
  return (
    <>
      {failures.length === 0 ? null : (
        <section>
          <h2>{t('problems.failures')}</h2>
          <ul className="findings">
            {failures.map(finding => (
              <FindingRow key={`${finding.server} ${finding.code}`} finding={finding} cluster={cluster} />
            ))}
          </ul>
        </section>
      )}
      {warnings.length === 0 ? null : (
        <section>
          <h2>{t('problems.warnings')}</h2>
          <ul className="findings">
            {warnings.map(finding => (
              <FindingRow key={`${finding.server} ${finding.code}`} finding={finding} cluster={cluster} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function FindingRow({ finding, cluster }: { readonly finding: FindingView; readonly cluster: ClusterView | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const whyNot = useMayAct()
  const tone = finding.isDowntimed ? 'stale' : finding.severity
  const Icon = finding.isDowntimed ? IconClockPause : finding.severity === 'critical' ? IconCircleXFilled : IconAlertTriangleFilled
  const row = { name: finding.clusterName, alias: finding.clusterAlias }
  const server = cluster?.members.find(member => member.key === finding.server)
  const cache = useQueryClient()
  // The list of all findings knows no more of the server than its name: it is asked for when somebody wants it.
  const downtime = async (): Promise<void> => {
    try {
      const found = server ?? (await cache.fetchQuery(queries.cluster(finding.clusterName))).members.find(member => member.key === finding.server)
      if (found === undefined) tellFailure(t('servers.notFound', { server: nameOf(finding.server) }), t('servers.notFoundText'))
      else openDialog({ kind: 'downtime', server: found })
    } catch (error) {
      tellFailure(t('state.failed'), failureText(error))
    }
  }
  // The recovery that blocks is known by its number here: the cluster knows which it is.
  const unblock = async (): Promise<void> => {
    try {
      const blocking = blockingRecovery(cluster ?? (await cache.fetchQuery(queries.cluster(finding.clusterName))), finding)
      if (blocking === null || blocking.endedAt === null) tellFailure(t('state.failed'), t('problems.blockingUnknown'))
      else openDialog({ kind: 'acknowledge', uid: blocking.uid, id: blocking.id })
    } catch (error) {
      tellFailure(t('state.failed'), failureText(error))
    }
  }
  return (
    <li className={`finding tone-${tone}`}>
      <span className={`ink-${tone}`} aria-hidden>
        <Icon size={20} />
      </span>
      <div className="finding-body">
        <div className="finding-head">
          <strong>{findingWords(finding)}</strong>
          <code>{finding.code}</code>
          <Since at={finding.since} />
          {finding.isDowntimed ? <span className="chip">{t('problems.downtimed')}</span> : null}
        </div>
        <div className="finding-where">
          {cluster === null ? (
            <>
              <span className="dim">{t('problems.cluster')}</span> <ClusterLink row={row} /> ·{' '}
            </>
          ) : null}
          <ClusterLink row={row} search={{ node: finding.server }} className="mono">
            {nameOf(finding.server)}
          </ClusterLink>
        </div>
        {finding.evidence.length === 0 ? null : (
          <ul className="evidence" aria-label={t('problems.evidence')}>
            {finding.evidence.map(evidence => (
              <li key={`${evidence.witness} ${evidence.says.text}`}>
                <span className="mono">{evidence.witness === 'orchestrator' ? t('problems.witnessSelf') : nameOf(evidence.witness)}</span> {say(evidence.says)}
                {evidence.at === null ? null : <span className="dim"> · {clock(evidence.at)}</span>}
              </li>
            ))}
          </ul>
        )}
        <Outlook finding={finding} />
      </div>
      <div className="finding-acts">
        {finding.severity === 'critical' && finding.outlook.state !== 'recovering' && finding.outlook.state !== 'none-needed' ? (
          <Button
            size="xs"
            disabled={whyNot !== null}
            {...(whyNot === null ? {} : { title: whyNot })}
            onClick={() => openDialog({ kind: 'recover', server: finding.server, clusterName: finding.clusterName, clusterAlias: finding.clusterAlias })}
          >
            {t('problems.recover')}
          </Button>
        ) : null}
        {finding.outlook.state === 'blocked' && !finding.isDowntimed ? (
          <Button size="xs" variant="default" disabled={whyNot !== null} {...(whyNot === null ? {} : { title: whyNot })} onClick={() => void unblock()}>
            {t('banner.unblock')}
          </Button>
        ) : null}
        {finding.isDowntimed || (cluster !== null && server === undefined) ? null : (
          <Button
            size="xs"
            variant="default"
            disabled={whyNot !== null}
            {...(whyNot === null ? {} : { title: whyNot })}
            onClick={() => void downtime()}
          >
            {t('problems.downtime')}
          </Button>
        )}
        {cluster === null ? (
          <ClusterLink row={row} search={{ node: finding.server }} className="button-link">
            {t('problems.openCluster')}
          </ClusterLink>
        ) : null}
      </div>
    </li>
  )
}
