import { ActionIcon } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../../src/contract/views.ts'
import { ServerMenu, type MenuPlace } from '../../actions/server-menu.tsx'
import { matches } from '../../drawing/filter.ts'
import { grow, walk, type Branch } from '../../drawing/forest.ts'
import { useNameOf } from '../../instance/names.ts'
import { RoleIcon } from '../../instance/role-icon.tsx'
import { gtidWords, lagWords, versionWords } from '../../instance/server-words.ts'
import { StatusMark } from '../../instance/status-mark.tsx'

const rowHeight = 41
const whole = { foldAlike: false, opened: new Set<string>(), toggled: new Set<string>(), isWhole: true }

interface Line {
  readonly server: ServerView
  readonly level: number
}

/** The same cluster as an indented table: same selection, same menus, same filter. */
export function ListView({
  cluster,
  selected,
  select,
  chosen,
  choose,
  query,
}: {
  readonly cluster: ClusterView
  readonly selected: string | null
  readonly select: (key: string | null) => void
  readonly chosen: ReadonlySet<string>
  readonly choose: (key: string) => void
  readonly query: string
}) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const scroller = useRef<HTMLDivElement>(null)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const lines = useMemo(() => linesIn(grow(cluster.members, whole)).filter(line => query === '' || matches(line.server, query)), [cluster.members, query])
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 15 })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const current = lines.some(line => line.server.key === selected) ? selected : (lines[0]?.server.key ?? null)

  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, line: Line): void => {
    const index = lines.indexOf(line)
    const to = event.key === 'ArrowDown' ? index + 1 : event.key === 'ArrowUp' ? index - 1 : null
    if (to !== null) {
      const next = lines[to]
      if (next !== undefined) {
        virtual.scrollToIndex(to)
        select(next.server.key)
        requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(next.server.key)}"]`)?.focus())
      }
    } else if (event.key === 'x') choose(line.server.key)
    else if (event.key === 'Enter') select(selected === line.server.key ? null : line.server.key)
    else if ((event.key === 'F10' && event.shiftKey) || event.key === 'ContextMenu') {
      const box = event.currentTarget.getBoundingClientRect()
      setMenu({ server: line.server, at: { x: box.left + 60, y: box.bottom } })
    } else return
    event.preventDefault()
  }

  return (
    <div className="list-view" ref={scroller}>
      <table className="table" role="treegrid" aria-label={t('cluster.treeLabel', { cluster: cluster.alias || cluster.name })} aria-rowcount={lines.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('list.name')}</th>
            <th scope="col">{t('list.status')}</th>
            <th scope="col" className="right">
              {t('list.lag')}
            </th>
            <th scope="col">{t('list.mode')}</th>
            <th scope="col">{t('list.version')}</th>
            <th scope="col">{t('list.gtid')}</th>
            <th scope="col">{t('list.site')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('list.menu')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? (
            <tr className="gap" aria-hidden style={{ height: before }}>
              <td colSpan={8} />
            </tr>
          ) : null}
          {items.map(item => {
            const line = lines[item.index]
            if (line === undefined) return null
            const { server, level } = line
            const worst = server.statuses[0]
            return (
              <tr
                key={server.key}
                data-key={server.key}
                aria-level={level}
                aria-selected={server.key === selected}
                aria-rowindex={item.index + 2}
                tabIndex={server.key === current ? 0 : -1}
                className={[server.key === selected ? 'is-selected' : '', chosen.has(server.key) ? 'is-chosen' : ''].join(' ')}
                onClick={event => (event.ctrlKey || event.metaKey || event.shiftKey ? choose(server.key) : select(server.key === selected ? null : server.key))}
                onKeyDown={event => onKeyDown(event, line)}
                onContextMenu={event => {
                  event.preventDefault()
                  setMenu({ server, at: { x: event.clientX, y: event.clientY } })
                }}
              >
                <td className="list-name">
                  <span style={{ paddingInlineStart: (level - 1) * 22 }}>
                    <RoleIcon role={server.role} />
                    {nameOf(server.key)}
                    {chosen.has(server.key) ? <span className="chip">{t('many.isChosen')}</span> : null}
                  </span>
                </td>
                <td>
                  {worst === undefined ? null : <StatusMark status={worst} server={server} />}
                  {server.statuses.length > 1 ? <span className="more-problems">+{server.statuses.length - 1}</span> : null}
                </td>
                <td className="right">{server.replication === null ? '–' : lagWords(server, t)}</td>
                <td>{server.readOnly ? t('card.readOnly') : t('card.writable')}</td>
                <td>{versionWords(server)}</td>
                <td>{gtidWords(server, t)}</td>
                <td>{server.dataCenter}</td>
                <td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={26}
                    tabIndex={-1}
                    aria-label={t('card.menu', { server: nameOf(server.key) })}
                    onClick={event => {
                      event.stopPropagation()
                      const box = event.currentTarget.getBoundingClientRect()
                      setMenu({ server, at: { x: box.left, y: box.bottom } })
                    }}
                  >
                    <IconDots size={16} />
                  </ActionIcon>
                </td>
              </tr>
            )
          })}
          {after > 0 ? (
            <tr className="gap" aria-hidden style={{ height: after }}>
              <td colSpan={8} />
            </tr>
          ) : null}
        </tbody>
      </table>
      {menu === null ? null : <ServerMenu place={menu} cluster={cluster} onClose={() => setMenu(null)} />}
    </div>
  )
}

function linesIn(branches: readonly Branch[]): readonly Line[] {
  const levels = new Map<string, number>()
  const visit = (list: readonly Branch[], level: number): void => {
    for (const branch of list) {
      levels.set(branch.id, level)
      visit(branch.children, level + 1)
    }
  }
  visit(branches, 1)
  return walk(branches).flatMap(branch => (branch.kind === 'server' ? [{ server: branch.server, level: levels.get(branch.id) ?? 1 }] : []))
}
