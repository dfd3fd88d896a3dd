import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconArrowUpRight, IconChevronDown, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { ServerMenuItems } from '../actions/server-menu.tsx'
import { CopyIcon } from '../ui/copy.tsx'
import { useNow } from '../ui/now.ts'
import { clock, clockMinutes, duration, fullTime } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { GtidText } from './gtid-text.tsx'
import { useNameOf } from './names.ts'
import { RoleIcon } from './role-icon.tsx'
import { StatusMark } from './status-mark.tsx'
import { type Fact, Facts } from '../ui/facts.tsx'

/** Everything known of one server: trouble first, then replication, role, logs, GTID, our own view of it. */
export function ServerPanel({
  server,
  cluster,
  select,
  isPage = false,
}: {
  readonly server: ServerView
  readonly cluster: ClusterView
  readonly select: (key: string | null) => void
  /** It stands on a page of its own, and is not closed. */
  readonly isPage?: boolean
}) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <aside
      className={isPage ? 'panel is-page' : 'panel'}
      aria-label={t('panel.title', { server: nameOf(server.key) })}
      onKeyDown={event => {
        if (event.key === 'Escape') select(null)
      }}
    >
      <header>
        <h2>
          <RoleIcon role={server.role} size={18} />
          <span className="mono">{server.key}</span>
        </h2>
        <CopyIcon text={server.key} label={t('panel.copyName')} />
        {isPage ? null : (
          <>
            <Link
              to="/server/$host/$port"
              params={{ host: server.host, port: String(server.port) }}
              className="panel-page"
              aria-label={t('servers.page')}
              title={t('servers.page')}
            >
              <IconArrowUpRight size={17} aria-hidden />
            </Link>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('panel.close')} onClick={() => select(null)}>
              <IconX size={17} />
            </ActionIcon>
          </>
        )}
      </header>
      <p className="panel-sub">
        {server.source === null ? (
          t(`role.${server.role}`)
        ) : (
          <button type="button" className="link-button" onClick={() => select(server.source)}>
            {t('panel.replicaOf', { source: nameOf(server.source) })}
          </button>
        )}
        {server.replicas.length === 0 ? null : <> · {t('panel.replicas', { count: server.replicas.length })}</>}
        {server.dataCenter === '' ? null : <> · {server.dataCenter}</>}
      </p>
      <Troubles server={server} />
      <Menu position="bottom-start" width={280} withinPortal withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
            {t('panel.actions')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className="server-menu" aria-label={t('menu.label', { server: nameOf(server.key) })}>
          <ServerMenuItems server={server} cluster={cluster} />
        </Menu.Dropdown>
      </Menu>
      <ReplicationFacts server={server} />
      <OtherFacts server={server} />
      <details className="raw">
        <summary>{t('panel.raw')}</summary>
        <div className="row">
          <CopyIcon text={JSON.stringify(server, null, 2)} label={t('state.copy')} />
        </div>
        <pre>{JSON.stringify(server, null, 2)}</pre>
      </details>
    </aside>
  )
}

function Troubles({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const say = useSay()
  return (
    <ul className="panel-statuses">
      {server.statuses.map(status => (
        <li key={status.code}>
          <StatusMark status={status} server={server} />
          {status.severity === 'ok' ? null : <span className="panel-reason">{say(status.reason)}</span>}
        </li>
      ))}
      {server.downtime === null ? null : (
        <li>
          <span className="dim">{t('panel.downtime')}</span>
          <span className="panel-reason">
            {t('panel.downtimeText', { at: clockMinutes(server.downtime.endsAt), owner: server.downtime.owner, reason: server.downtime.reason })}
          </span>
        </li>
      )}
      {server.maintenance === null ? null : (
        <li>
          <span className="dim">{t('panel.maintenance')}</span>
          <span className="panel-reason">{t('panel.maintenanceText', server.maintenance)}</span>
        </li>
      )}
    </ul>
  )
}

function FactList({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <Facts facts={facts} />
    </section>
  )
}

function ReplicationFacts({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const link = server.replication
  if (link === null) return null
  const threadWords = { running: t('panel.running'), stopped: t('panel.stopped'), connecting: t('panel.connecting') }
  const thread = (state: string): string => (state in threadWords ? threadWords[state as keyof typeof threadWords] : state)
  const error = (value: typeof link.receiverError): ReactNode =>
    value === null ? null : (
      <span className="panel-error">
        {value.number}: {value.text}
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
    />
  )
}

function OtherFacts({ server }: { readonly server: ServerView }) {
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
      />
      <FactList
        title={t('panel.log')}
        facts={[
          [t('panel.logBin'), yesNo(server.logBin)],
          [t('panel.logUpdates'), yesNo(server.logReplicaUpdates)],
          ...(server.logBin ? [[t('panel.format'), [server.binlogFormat, server.binlogRowImage].filter(part => part !== '').join(' ')] as const] : []),
          ...(server.binlog === null ? [] : [[t('panel.position'), <code key="position">{server.binlog}</code>] as const]),
        ]}
      />
      {server.gtidMode === '' && sets.length === 0 ? null : (
        <FactList title={t('panel.gtid')} facts={[...(server.gtidMode === '' ? [] : [[t('panel.gtidMode'), server.gtidMode] as const]), ...sets]} />
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
        />
      )}
      <FactList
        title={t('panel.server')}
        facts={[
          [t('panel.version'), [server.flavour, server.version].filter(part => part !== '').join(' ')],
          [t('panel.serverId'), String(server.serverId)],
          ...(server.serverUuid === '' ? [] : [[t('panel.uuid'), <code key="uuid">{server.serverUuid}</code>] as const]),
          [t('panel.uptime'), duration(server.uptimeSeconds)],
          ...(server.region === '' ? [] : [[t('panel.region'), server.region] as const]),
        ]}
      />
      <FactList
        title={t('panel.view')}
        facts={[
          [t('panel.seen'), ago(server.lastSeenAt)],
          [t('panel.checked'), ago(server.lastCheckedAt)],
          [t('panel.poll'), t('panel.milliseconds', { value: Math.round(server.pollMilliseconds * 10) / 10 })],
        ]}
      />
    </>
  )
}
