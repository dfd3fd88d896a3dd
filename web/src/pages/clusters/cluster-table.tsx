import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow, ServerStatus, StatusCode } from '../../../../src/contract/views.ts'
import { statusOrder } from '../../drawing/trouble.ts'
import { StatusMark } from '../../instance/status-mark.tsx'
import { clock, duration, inSentence, number } from '../../words/format.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { clusterTitle, hasAlias } from '../cluster-name.ts'

const rowHeight = 53
/** Below this many rows the table is drawn whole, which is simpler for everybody. */
const virtualFrom = 150

/** One row per cluster. */
export function ClusterTable({ rows }: { readonly rows: readonly ClusterRow[] }) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const isLong = rows.length > virtualFrom
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, enabled: isLong })
  const items = virtual.getVirtualItems()
  const shown = isLong ? items.flatMap(item => rows[item.index] ?? []) : rows
  const before = isLong ? (items[0]?.start ?? 0) : 0
  const after = isLong ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  return (
    // A scrolling region must be reachable by keyboard.
    <div
      className={isLong ? 'table-scroll is-long' : 'table-scroll'}
      ref={scroller}
      {...(isLong ? { tabIndex: 0, role: 'region', 'aria-label': t('clusters.title') } : {})}
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('clusters.cluster')}</th>
            <th scope="col">{t('clusters.primary')}</th>
            <th scope="col" className="right">
              {t('clusters.servers')}
            </th>
            <th scope="col">{t('clusters.replication')}</th>
            <th scope="col" className="right">
              {t('clusters.lag')}
            </th>
            <th scope="col">{t('clusters.recovery')}</th>
            <th scope="col">{t('clusters.last')}</th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? (
            <tr className="gap" style={{ height: before }} aria-hidden>
              <td colSpan={7} />
            </tr>
          ) : null}
          {shown.map(row => (
            <Row key={row.name} row={row} />
          ))}
          {after > 0 ? (
            <tr className="gap" style={{ height: after }} aria-hidden>
              <td colSpan={7} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  )
}

function Row({ row }: { readonly row: ClusterRow }) {
  const { t } = useTranslation()
  return (
    <tr>
      <th scope="row">
        <ClusterLink row={row} className="strong">
          {clusterTitle(row)}
        </ClusterLink>
        {hasAlias(row) ? <span className="sub">{row.name}</span> : null}
      </th>
      <td>
        {row.primary === null ? (
          <span className="ink-warning">{t('clusters.noPrimary')}</span>
        ) : (
          <>
            <span className="mono">{row.primary.key}</span>
            <StatusMark status={row.primary.status} server={null} />
          </>
        )}
      </td>
      <td className="right">{number(row.servers)}</td>
      <td>
        <Counts row={row} />
      </td>
      <td className="right">{row.maxLagSeconds === null ? <span className="dim">{t('time.unknown')}</span> : duration(row.maxLagSeconds)}</td>
      <td>
        <Covered is={row.recoversPrimary} words={t('clusters.covered')} />
        <Covered is={row.recoversIntermediate} words={t('clusters.coveredIntermediate')} />
      </td>
      <td>
        {row.lastRecovery === null ? (
          <span className="dim">–</span>
        ) : (
          <Link to="/audit-recovery/uid/$uid" params={{ uid: row.lastRecovery.uid }}>
            {row.lastRecovery.code}
            <span className="sub">{clock(row.lastRecovery.startedAt)}</span>
          </Link>
        )}
      </td>
    </tr>
  )
}

const severityOf = (code: StatusCode): ServerStatus['severity'] =>
  code === 'replicating' || code === 'writable' || code === 'read-only-primary' || code === 'maintenance'
    ? 'ok'
    : code === 'not-checked'
      ? 'stale'
      : code === 'lag' || code === 'lag-unknown' || code === 'errant-gtid'
        ? 'warning'
        : 'critical'

/** Servers per status, worst first, each a link to exactly those. */
function Counts({ row }: { readonly row: ClusterRow }) {
  const { t } = useTranslation()
  const codes = statusOrder.filter(code => (row.counts[code] ?? 0) > 0 && code !== 'writable' && code !== 'read-only-primary')
  return (
    <span className="counts">
      {codes.map(code => (
        <ClusterLink key={code} row={row} search={{ q: `status:${code}` }} className={`ink-${severityOf(code)}`}>
          {t('clusters.statusCount', { count: row.counts[code] ?? 0, word: inSentence(t(`status.${code}`)) })}
        </ClusterLink>
      ))}
    </span>
  )
}

function Covered({ is, words }: { readonly is: boolean; readonly words: string }) {
  const { t } = useTranslation()
  return (
    <span className={is ? 'covered' : 'covered not'}>
      {is ? <IconCheck size={14} aria-hidden /> : <IconMinus size={14} aria-hidden />}
      {words}
      {is ? null : <span className="visually-hidden"> {t('clusters.notCovered')}</span>}
    </span>
  )
}
