import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow, ServerView } from '../../../../src/contract/views.ts'
import { useNameOf } from '../../instance/names.ts'
import { RoleIcon } from '../../instance/role-icon.tsx'
import { StatusMark } from '../../instance/status-mark.tsx'
import { ClusterLink } from '../cluster-link.tsx'
import { columnText, serverColumnLabels, type ServerColumn } from './server-columns.ts'

const rowHeight = 41
/** A telephone has room for these alone. */
const kept: ReadonlySet<ServerColumn> = new Set(['status', 'lag'])
const classOf = (column: ServerColumn): string => [kept.has(column) ? 'keep' : '', column === 'lag' ? 'right' : ''].join(' ')

/** Rows of servers; only those in sight are drawn. Arrows move, Enter opens, x chooses. */
export function ServerTable({
  servers,
  columns,
  clusters,
  selected,
  select,
  chosen,
  choose,
}: {
  readonly servers: readonly ServerView[]
  readonly columns: readonly ServerColumn[]
  /** For their aliases. */
  readonly clusters: readonly ClusterRow[]
  readonly selected: string | null
  readonly select: (key: string | null) => void
  readonly chosen: ReadonlySet<string>
  readonly choose: (keys: ReadonlySet<string>) => void
}) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const aliases = new Map(clusters.map(({ name, alias }) => [name, alias]))
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: servers.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 15 })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const current = servers.some(each => each.key === selected) ? selected : (servers[0]?.key ?? null)
  const chosenShown = servers.filter(each => chosen.has(each.key)).length

  const toggle = (key: string): void => {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    choose(next)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, server: ServerView, index: number): void => {
    if (event.target instanceof HTMLInputElement && event.key === ' ') return
    const to = event.key === 'ArrowDown' ? index + 1 : event.key === 'ArrowUp' ? index - 1 : null
    if (to !== null) {
      const next = servers[to]
      if (next !== undefined) {
        virtual.scrollToIndex(to)
        requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(next.key)}"]`)?.focus())
      }
    } else if (event.key === 'Enter') select(selected === server.key ? null : server.key)
    else if (event.key === 'x') toggle(server.key)
    else return
    event.preventDefault()
  }
  const gap = (height: number, name: string) => (
    <tr key={name} className="gap" aria-hidden style={{ height }}>
      <td colSpan={columns.length + 2} />
    </tr>
  )
  return (
    <div className="list-view servers-list" ref={scroller}>
      <table className="table" aria-label={t('servers.title')} aria-rowcount={servers.length + 1}>
        <thead>
          <tr>
            <th scope="col" className="check">
              <input
                type="checkbox"
                aria-label={t('servers.chooseAll')}
                checked={servers.length > 0 && chosenShown === servers.length}
                ref={box => {
                  if (box !== null) box.indeterminate = chosenShown > 0 && chosenShown < servers.length
                }}
                onChange={event => choose(new Set(event.currentTarget.checked ? servers.map(each => each.key) : []))}
              />
            </th>
            <th scope="col">{t('list.name')}</th>
            {columns.map(column => (
              <th key={column} scope="col" className={classOf(column)}>
                {t(serverColumnLabels[column])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? gap(before, 'before') : null}
          {items.map(item => {
            const server = servers[item.index]
            if (server === undefined) return null
            const worst = server.statuses[0]
            const name = nameOf(server.key)
            return (
              <tr
                key={server.key}
                data-key={server.key}
                aria-rowindex={item.index + 2}
                tabIndex={server.key === current ? 0 : -1}
                className={[server.key === selected ? 'is-selected' : '', chosen.has(server.key) ? 'is-chosen' : ''].join(' ')}
                onClick={() => select(server.key === selected ? null : server.key)}
                onKeyDown={event => onKeyDown(event, server, item.index)}
              >
                <td className="check" onClick={event => event.stopPropagation()}>
                  <input type="checkbox" tabIndex={-1} aria-label={t('servers.choose', { server: name })} checked={chosen.has(server.key)} onChange={() => toggle(server.key)} />
                </td>
                <th scope="row" className="list-name">
                  <span>
                    <RoleIcon role={server.role} />
                    {name}
                  </span>
                </th>
                {columns.map(column => (
                  <td key={column} className={classOf(column)}>
                    {column === 'status' ? (
                      <>
                        {worst === undefined ? null : <StatusMark status={worst} server={server} />}
                        {server.statuses.length > 1 ? <span className="more-problems">+{server.statuses.length - 1}</span> : null}
                      </>
                    ) : column === 'cluster' ? (
                      <span onClick={event => event.stopPropagation()}>
                        <ClusterLink row={{ name: server.clusterName, alias: aliases.get(server.clusterName) ?? '' }} search={{ node: server.key }} />
                      </span>
                    ) : (
                      columnText(column, server, nameOf, t)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
          {after > 0 ? gap(after, 'after') : null}
        </tbody>
      </table>
    </div>
  )
}
