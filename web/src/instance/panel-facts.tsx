import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { type Fact, Facts } from '../ui/facts.tsx'
import { useNow } from '../ui/now.ts'
import { clock, duration, fullTime } from '../words/format.ts'
import { GtidText } from './gtid-text.tsx'
import { actsOfFacts, PanelActs } from './panel-acts.tsx'

function FactList({ title, facts, children }: { readonly title: string; readonly facts: readonly Fact[]; readonly children?: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <Facts facts={facts} />
      {children}
    </section>
  )
}

interface Of {
  readonly server: ServerView
  readonly cluster: ClusterView
}

/** How it replicates, and what can be done about that. */
export function ReplicationFacts({ server, cluster }: Of) {
  const { t } = useTranslation()
  const link = server.replication
  if (link === null) return null
  const threadWords = { running: t('panel.running'), stopped: t('panel.stopped'), connecting: t('panel.connecting') }
  const thread = (state: string): string => (state in threadWords ? threadWords[state as keyof typeof threadWords] : state)
  const error = (value: typeof link.receiverError): ReactNode =>
    value === null ? null : (
      <span className="panel-error">
        {value.number}: <span lang="en">{value.text}</span>
        {value.at === null ? '' : ` (${t('panel.errorAt', { at: clock(value.at) })})`}
      </span>
    )
  return (
    <FactList
      title={t('panel.replication')}
      facts={[
        [
          t('panel.receiver'),
          <span key="r">
            {thread(link.receiver)}
            {error(link.receiverError)}
          </span>,
        ],
        [
          t('panel.applier'),
          <span key="a">
            {thread(link.applier)}
            {error(link.applierError)}
          </span>,
        ],
        [t('panel.lag'), link.lagSeconds === null ? t('card.lagUnknown') : duration(link.lagSeconds)],
        ...(link.delaySeconds > 0 ? [[t('panel.delay'), duration(link.delaySeconds)] as const] : []),
        [t('panel.method'), server.gtid === 'none' ? t('panel.methodPosition') : t('panel.methodGtid')],
        ...(link.read === null ? [] : [[t('panel.read'), <code key="read">{link.read}</code>] as const]),
        ...(link.executed === null ? [] : [[t('panel.applied'), <code key="executed">{link.executed}</code>] as const]),
        ...(link.user === '' ? [] : [[t('panel.user'), <code key="user">{link.user}</code>] as const]),
        [t('panel.tls'), link.tls ? t('panel.yes') : t('panel.no')],
        ...(link.hasFilters ? [[t('panel.filters'), t('panel.yes')] as const] : []),
      ]}
    >
      <PanelActs of={actsOfFacts.replication} server={server} cluster={cluster} />
    </FactList>
  )
}

/** What it is, what it writes, what is said of it, and how old our view is. */
export function OtherFacts({ server, cluster }: Of) {
  const { t } = useTranslation()
  const now = useNow()
  const yesNo = (value: boolean): string => (value ? t('panel.yes') : t('panel.no'))
  const ago = (at: number | null): ReactNode =>
    at === null ? t('time.never') : <span title={fullTime(at)}>{t('time.ago', { time: duration((now - at) / 1000) })}</span>
  const sets: readonly Fact[] = (
    [
      ['executed', server.executedGtidSet],
      ['retrieved', server.retrievedGtidSet],
      ['purged', server.purgedGtidSet],
      ['errant', server.errantGtidSet],
    ] as const
  )
    .filter(([, set]) => set !== '')
    .map(([name, set]) => [t(`panel.${name}`), <GtidText key={name} set={set} />])
  return (
    <>
      <FactList
        title={t('panel.role')}
        facts={[
          [t('panel.mode'), server.superReadOnly ? t('card.superReadOnly') : server.readOnly ? t('card.readOnly') : t('card.writable')],
          [t('panel.promotion'), t(`panel.promotionRule.${server.promotionRule}`)],
          ...(server.alias === '' ? [] : [[t('panel.alias'), server.alias] as const]),
        ]}
      >
        <PanelActs of={actsOfFacts.role} server={server} cluster={cluster} />
      </FactList>
      <FactList
        title={t('panel.log')}
        facts={[
          [t('panel.logBin'), yesNo(server.logBin)],
          [t('panel.logUpdates'), yesNo(server.logReplicaUpdates)],
          ...(server.logBin ? [[t('panel.format'), [server.binlogFormat, server.binlogRowImage].filter(part => part !== '').join(' ')] as const] : []),
          ...(server.binlog === null ? [] : [[t('panel.position'), <code key="position">{server.binlog}</code>] as const]),
        ]}
      >
        <PanelActs of={actsOfFacts.log} server={server} cluster={cluster} />
      </FactList>
      {server.gtidMode === '' && sets.length === 0 ? null : (
        <FactList title={t('panel.gtid')} facts={[...(server.gtidMode === '' ? [] : [[t('panel.gtidMode'), server.gtidMode] as const]), ...sets]}>
          <PanelActs of={actsOfFacts.gtid} server={server} cluster={cluster} />
        </FactList>
      )}
      {server.semiSync === null ? null : (
        <FactList
          title={t('panel.semiSync')}
          facts={[
            [
              t('panel.semiSyncSource'),
              server.semiSync.sourceEnabled
                ? `${t('panel.enabled')} · ${t('panel.clients', { clients: server.semiSync.clients, wait: server.semiSync.waitFor })}`
                : t('panel.disabled'),
            ],
            [t('panel.semiSyncReplica'), server.semiSync.replicaEnabled ? t('panel.enabled') : t('panel.disabled')],
          ]}
        >
          <PanelActs of={actsOfFacts.semiSync} server={server} cluster={cluster} />
        </FactList>
      )}
      <FactList
        title={t('panelMore.labels')}
        facts={[
          [t('serverList.tags'), <Labels key="tags" labels={server.tags ?? []} filter="tag" />],
          [t('cluster.pools'), <Labels key="pools" labels={server.pools ?? []} filter="pool" />],
          [t('panel.site'), server.dataCenter === '' ? <span className="dim">{t('panelMore.none')}</span> : server.dataCenter],
          ...(server.region === '' ? [] : [[t('panel.region'), server.region] as const]),
        ]}
      >
        <PanelActs of={actsOfFacts.labels} server={server} cluster={cluster} />
      </FactList>
      <FactList
        title={t('panel.server')}
        facts={[
          [t('panel.version'), [server.flavour, server.version].filter(part => part !== '').join(' ')],
          [t('panel.serverId'), String(server.serverId)],
          ...(server.serverUuid === '' ? [] : [[t('panel.uuid'), <code key="uuid">{server.serverUuid}</code>] as const]),
          [t('panel.uptime'), duration(server.uptimeSeconds)],
        ]}
      />
      <FactList
        title={t('panel.view')}
        facts={[
          [t('panel.seen'), ago(server.lastSeenAt)],
          [t('panel.checked'), ago(server.lastCheckedAt)],
          [t('panel.poll'), t('panel.milliseconds', { value: Math.round(server.pollMilliseconds * 10) / 10 })],
        ]}
      >
        <PanelActs of={actsOfFacts.view} server={server} cluster={cluster} />
      </FactList>
    </>
  )
}

/** Each leads to all servers that have it. */
function Labels({ labels, filter }: { readonly labels: readonly string[]; readonly filter: 'tag' | 'pool' }) {
  const { t } = useTranslation()
  if (labels.length === 0) return <span className="dim">{t('panelMore.none')}</span>
  return (
    <span className="panel-labels">
      {labels.map(label => (
        <Link key={label} to="/search" search={{ q: `${filter}:${/[\s,]/.test(label) ? `"${label}"` : label}` }} className="chip">
          {label}
        </Link>
      ))}
    </span>
  )
}
