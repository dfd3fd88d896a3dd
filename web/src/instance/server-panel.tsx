import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconArrowUpRight, IconChevronDown, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useState } from 'react'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { ServerMenuItems } from '../actions/server-menu.tsx'
import { queries } from '../api/queries.ts'
import { CopyIcon } from '../ui/copy.tsx'
import { clockMinutes } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { useNameOf } from './names.ts'
import { actsOfFacts, PanelActs } from './panel-acts.tsx'
import { OtherFacts, ReplicationFacts } from './panel-facts.tsx'
import { PanelActivity, PanelAgent } from './panel-past.tsx'
import { RoleIcon } from './role-icon.tsx'
import { StatusMark } from './status-mark.tsx'

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
  const { data: me } = useQuery(queries.me)
  const [tab, setTab] = useState<'overview' | 'activity' | 'agent' | 'raw'>('overview')
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
      <PanelActs of={actsOfFacts.trouble} server={server} cluster={cluster} />
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
      <div className="tabs panel-tabs" role="tablist" aria-label={t('panel.title', { server: nameOf(server.key) })}>
        {(['overview', 'activity', ...(me?.agentsServed === true ? (['agent'] as const) : []), 'raw'] as const).map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
            onKeyDown={event => {
              const next = event.key === 'ArrowRight' ? event.currentTarget.nextElementSibling : event.key === 'ArrowLeft' ? event.currentTarget.previousElementSibling : null
              if (next instanceof HTMLElement) {
                next.focus()
                next.click()
              }
            }}
          >
            {t(`panelMore.${name}`)}
          </button>
        ))}
      </div>
      {tab === 'overview' ? (
        <>
          <ReplicationFacts server={server} cluster={cluster} />
          <OtherFacts server={server} cluster={cluster} />
        </>
      ) : null}
      {tab === 'activity' ? <PanelActivity server={server} /> : null}
      {tab === 'agent' ? <PanelAgent server={server} /> : null}
      {tab === 'raw' ? (
        <div className="raw">
          <div className="row">
            <CopyIcon text={JSON.stringify(server, null, 2)} label={t('state.copy')} />
          </div>
          <pre>{JSON.stringify(server, null, 2)}</pre>
        </div>
      ) : null}
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
