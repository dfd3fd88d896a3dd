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
import { RowMenu } from './row-menu.tsx'

const rowHeight = 53
/** Below this many rows the table is drawn whole, which is simpler for everybody. */
const virtualFrom = 150

export const clusterColumns = ['primary', 'servers', 'replication', 'lag', 'recovery', 'last', 'problems', 'domain'] as const
export type ClusterColumn = (typeof clusterColumns)[number]
export const standardClusterColumns: readonly ClusterColumn[] = ['primary', 'servers', 'replication', 'lag', 'recovery', 'last']
const rightOnes: ReadonlySet<ClusterColumn> = new Set(['servers', 'lag', 'problems'])
/** What a cell is called; also on a telephone, where each row is a card. */
export const columnLabels = {
  primary: 'clusters.primary', servers: 'clusters.servers', replication: 'clusters.replication', lag: 'clusters.lag', recovery: 'clusters.recovery', last: 'clusters.last',
  problems: 'cluster.problems', domain: 'lists.domain',
} as const satisfies Record<ClusterColumn, string>

/** One row per cluster. */
export function ClusterTable({ rows, columns }: { readonly rows: readonly ClusterRow[]; readonly columns: readonly ClusterColumn[] }) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const isLong = rows.length > virtualFrom
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, enabled: isLong })
  const items = virtual.getVirtualItems()
  const shown = isLong ? items.flatMap(item => rows[item.index] ?? []) : rows
  const gap = (height: number, name: string) =>
    height <= 0 ? null : (
      <tr key={name} className="gap" style={{ height }} aria-hidden>
        <td colSpan={columns.length + 2} />
      </tr>
    )
  return (
    // A scrolling region must be reachable by keyboard.
    <div
      className={isLong ? 'table-scroll is-long' : 'table-scroll'}
      ref={scroller}
      {...(isLong ? { tabIndex: 0, role: 'region', 'aria-label': t('clusters.title') } : {})}
    >
      <table className={isLong ? 'table' : 'table as-cards'}>
        <thead>
          <tr>
            <th scope="col">{t('clusters.cluster')}</th>
            {columns.map(column => (
              <th key={column} scope="col" {...(rightOnes.has(column) ? { className: 'right' } : {})}>
                {t(columnLabels[column])}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">{t('list.menu')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {isLong ? gap(items[0]?.start ?? 0, 'before') : null}
          {shown.map(row => (
            <tr key={row.name}>
              <th scope="row">
                <ClusterLink row={row} className="strong">
                  {clusterTitle(row)}
                </ClusterLink>
                {hasAlias(row) ? <span className="sub">{row.name}</span> : null}
              </th>
              {columns.map(column => (
                <td key={column} data-label={t(columnLabels[column])} {...(rightOnes.has(column) ? { className: 'right' } : {})}>
                  <Cell row={row} column={column} />
                </td>
              ))}
              <td className="row-menu">
                <RowMenu row={row} />
              </td>
            </tr>
          ))}
          {isLong ? gap(virtual.getTotalSize() - (items.at(-1)?.end ?? 0), 'after') : null}
        </tbody>
      </table>
    </div>
  )
}

/** One fact of a cluster; the same in the table and on its card. */
export function Cell({ row, column }: { readonly row: ClusterRow; readonly column: ClusterColumn }) {
  const { t } = useTranslation()
  switch (column) {
    case 'primary':
      return row.primary === null ? (
        <span className="ink-warning">{t('clusters.noPrimary')}</span>
      ) : (
        <span className="stacked">
          <span className="mono">{row.primary.key}</span>
          <StatusMark status={row.primary.status} server={null} />
        </span>
      )
    case 'servers':
      return number(row.servers)
    case 'replication':
      return <Counts row={row} />
    case 'lag':
      return row.maxLagSeconds === null ? <span className="dim">{t('time.unknown')}</span> : duration(row.maxLagSeconds)
    case 'recovery':
      return (
        <span className="stacked">
          <Covered is={row.recoversPrimary} words={t('clusters.covered')} />
          <Covered is={row.recoversIntermediate} words={t('clusters.coveredIntermediate')} />
        </span>
      )
    case 'last':
      return row.lastRecovery === null ? (
        <span className="dim">–</span>
      ) : (
        <Link to="/audit-recovery/uid/$uid" params={{ uid: row.lastRecovery.uid }}>
          {row.lastRecovery.code}
          <span className="sub">{clock(row.lastRecovery.startedAt)}</span>
        </Link>
      )
    case 'problems':
      return row.findings === 0 ? (
        <span className="dim">0</span>
      ) : (
        <ClusterLink row={row} search={{ tab: 'problems' }}>
          {number(row.findings)}
        </ClusterLink>
      )
    case 'domain':
      return row.domain === '' ? <span className="dim">–</span> : <span className="mono">{row.domain}</span>
  }
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
