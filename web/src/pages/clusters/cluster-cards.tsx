import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow, ServerView } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { miniPicture } from '../../drawing/mini-picture.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { hasAlias } from '../cluster-name.ts'
import { Cell, columnLabels, type ClusterColumn } from './cluster-table.tsx'
import { RowMenu } from './row-menu.tsx'

/** In a fleet of more servers than this the cards have no pictures: a drawing of dots tells nothing there, and all servers would have to be asked for. */
const pictureServersMax = 400
const pictureMembersMax = 40

/** The clusters as cards, with the facts of the table and a small picture of each tree. */
export function ClusterCards({ rows, columns, servers }: { readonly rows: readonly ClusterRow[]; readonly columns: readonly ClusterColumn[]; readonly servers: number }) {
  const { t } = useTranslation()
  const hasPictures = servers <= pictureServersMax
  const { data } = useQuery({ ...queries.servers, enabled: hasPictures })
  const byCluster = useMemo(() => Map.groupBy(hasPictures ? (data?.servers ?? []) : [], ({ clusterName }) => clusterName), [data, hasPictures])
  return (
    <ul className="cluster-cards">
      {rows.map(row => (
        <li key={row.name} className="fact-card">
          <div className="row">
            <h2>
              <ClusterLink row={row} />
            </h2>
            {hasAlias(row) ? <span className="dim sub">{row.name}</span> : null}
            <span className="grow" />
            <RowMenu row={row} />
          </div>
          <Picture members={byCluster.get(row.name) ?? []} />
          <dl>
            {columns.map(column => (
              <div key={column}>
                <dt>{t(columnLabels[column])}</dt>
                <dd>
                  <Cell row={row} column={column} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

const step = 34
const rowStep = 13

/** Decoration of the facts below it: what it shows is told there in words. */
function Picture({ members }: { readonly members: readonly ServerView[] }) {
  const picture = useMemo(() => (members.length === 0 || members.length > pictureMembersMax ? null : miniPicture(members)), [members])
  if (picture === null) return null
  const x = (column: number): number => 8 + column * step
  const y = (row: number): number => 8 + row * rowStep
  return (
    <svg className="mini-picture" width={x(picture.columns - 1) + 8} height={y(picture.rows - 1) + 8} aria-hidden focusable="false">
      {picture.lines.map(({ from, to }) => (
        <path key={`${from.join()} ${to.join()}`} d={`M${x(from[0])},${y(from[1])} H${x(from[0]) + step / 2} V${y(to[1])} H${x(to[0])}`} />
      ))}
      {picture.points.map(({ key, x: column, y: row, severity }) =>
        severity === 'ok' ? (
          <circle key={key} className="dot-ok" cx={x(column)} cy={y(row)} r={4} />
        ) : (
          <rect key={key} className={`dot-${severity}`} x={x(column) - 4.5} y={y(row) - 4.5} width={9} height={9} transform={`rotate(45 ${x(column)} ${y(row)})`} />
        ),
      )}
    </svg>
  )
}
