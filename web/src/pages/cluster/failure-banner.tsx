import { Button } from '@mantine/core'
import { IconAlertTriangleFilled, IconCircleXFilled } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, FindingView } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { useNameOf } from '../../instance/names.ts'
import { Banner } from '../banner.tsx'
import { findingWords } from '../finding-words.ts'
import { Outlook, Since } from '../outlook.tsx'
import { blockingRecovery, situationOf, type SituationAct } from './situation.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'

/** One failure: what it is, since when, what happens next or why nothing does, and what a person can do about it. */
export function FailureBanner({ finding, cluster }: { readonly finding: FindingView; readonly cluster: ClusterView }) {
  const nameOf = useNameOf()
  const { data: me } = useQuery(queries.me)
  const situation = situationOf(finding, me)
  if (situation === null) return null
  return (
    <Banner
      tone={situation.tone}
      icon={situation.tone === 'warning' ? <IconAlertTriangleFilled size={20} /> : <IconCircleXFilled size={20} />}
      isAlert
      acts={situation.acts.map((act, index) => (
        <ActButton key={act} act={act} isFirst={index === 0} finding={finding} cluster={cluster} />
      ))}
    >
      <strong>
        {nameOf(finding.server)}: {findingWords(finding)}
      </strong>{' '}
      <code>{finding.code}</code> <Since at={finding.since} />
      <br />
      <Outlook finding={finding} />
    </Banner>
  )
}

interface ActButtonOf {
  readonly act: SituationAct
  readonly isFirst: boolean
  readonly finding: FindingView
  readonly cluster: ClusterView
}

function ActButton({ act, isFirst, finding, cluster }: ActButtonOf): ReactNode {
  const { t } = useTranslation()
  const whyNot = useMayAct()
  const setSearch = useSetClusterSearch()
  const server = cluster.members.find(({ key }) => key === finding.server)
  const blocking = blockingRecovery(cluster, finding)
  const recover = (): void => openDialog({ kind: 'recover', server: finding.server, clusterName: finding.clusterName, clusterAlias: finding.clusterAlias })
  const pressed = (words: string, onClick: () => void): ReactNode => (
    <Button size="xs" variant={isFirst ? 'filled' : 'default'} disabled={whyNot !== null} {...(whyNot === null ? {} : { title: whyNot })} onClick={onClick}>
      {words}
    </Button>
  )
  switch (act) {
    case 'recover':
      return pressed(t('banner.recover'), recover)
    case 'recoverNow':
      return pressed(t('banner.recoverNow'), recover)
    case 'stopAutomatic':
      return pressed(t('banner.stopAutomatic'), () => openDialog({ kind: 'automatic', enabled: true }))
    case 'switchOn':
      return pressed(t('banner.switchOn'), () => openDialog({ kind: 'automatic', enabled: false }))
    case 'downtime':
      return server === undefined ? null : pressed(t('banner.downtime'), () => openDialog({ kind: 'downtime', server }))
    case 'acknowledgeBlocking':
      return blocking === null || blocking.endedAt === null ? null : pressed(t('banner.unblock'), () => openDialog({ kind: 'acknowledge', uid: blocking.uid, id: blocking.id }))
    case 'seeBlocking':
      return blocking === null ? null : (
        <Link to="/audit-recovery/uid/$uid" params={{ uid: blocking.uid }} className="button-link">
          {t('banner.see', { id: blocking.id })}
        </Link>
      )
    case 'status':
      return (
        <Link to="/status" className="button-link">
          {t('banner.status')}
        </Link>
      )
    case 'show':
      return server === undefined ? null : (
        <Button size="xs" variant="default" onClick={() => setSearch({ node: server.key })}>
          {t('banner.openServer')}
        </Button>
      )
  }
}
