import { ActionIcon } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconDots } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../../src/contract/views.ts'
import { ServerMenu, type MenuPlace } from '../../actions/server-menu.tsx'
import { useMayAct } from '../../actions/may-act.ts'
import { usePerform } from '../../actions/use-perform.ts'
import { matches } from '../../drawing/filter.ts'
import { grow, type Branch } from '../../drawing/forest.ts'
import { isInTrouble } from '../../drawing/trouble.ts'
import { useNameOf } from '../../instance/names.ts'
import { RoleIcon } from '../../instance/role-icon.tsx'
import { gtidWords, lagWords, versionWords } from '../../instance/server-words.ts'
import { StatusMark } from '../../instance/status-mark.tsx'
import { litBy } from '../../tree/build-cards.ts'
import './list-view.css'

const rowHeight = 41

interface Line {
  readonly server: ServerView
  readonly level: number
  /** Whether its replicas are shown; null: it has none. */
  readonly isOpen: boolean | null
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
  const perform = usePerform(cluster)
  const mayAct = useMayAct() === null
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [focused, setFocused] = useState<string | null>(null)
  const filtered = useMemo(() => litBy(cluster.members, query.trim() === '' ? null : server => matches(server, query)), [cluster.members, query])
  // What is found is shown with everything on its way up; nothing of it is folded.
  const lines = useMemo(() => {
    const all = linesIn(grow(cluster.members, { foldAlike: false, opened: none, toggled: filtered === null ? toggled : none, isWhole: true }))
    return filtered === null ? all : all.filter(({ server }) => filtered.lit.has(server.key))
  }, [cluster.members, filtered, toggled])
  const hits = useMemo(() => new Set(filtered?.hits), [filtered])
  const hasTags = cluster.members.some(member => member.tags !== undefined)
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 15 })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const current = [focused, selected].find(key => lines.some(line => line.server.key === key)) ?? lines[0]?.server.key ?? null

  const focusRow = (key: string): void => {
    const index = lines.findIndex(line => line.server.key === key)
    if (index === -1) return
    setFocused(key)
    virtual.scrollToIndex(index)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(key)}"]`)?.focus())
  }
  const toggle = (key: string): void =>
    setToggled(before => {
      const next = new Set(before)
      if (!next.delete(key)) next.add(key)
      return next
    })

  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, line: Line): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const { server } = line
    const index = lines.indexOf(line)
    const stepTo = (at: number): void => {
      const next = lines[at]
      if (next === undefined) return
      if (event.shiftKey) for (const { key } of [server, next.server]) if (!chosen.has(key)) choose(key)
      focusRow(next.server.key)
    }
    const stops = lines.filter(each => (filtered === null ? isInTrouble(each.server) : hits.has(each.server.key)))
    const toStop = (by: 1 | -1): void => {
      const further = by === 1 ? stops.find(each => lines.indexOf(each) > index) : stops.findLast(each => lines.indexOf(each) < index)
      const next = further ?? stops.at(by === 1 ? 0 : -1)
      if (next !== undefined) focusRow(next.server.key)
    }
    const act = (name: 'move' | 'downtimeBegin' | 'refresh'): void => {
      if (mayAct) perform(name, server)
    }
    const openMenu = (): void => {
      const box = event.currentTarget.getBoundingClientRect()
      setMenu({ server, at: { x: box.left + 60, y: box.bottom } })
    }
    const does: Readonly<Record<string, () => void>> = {
      'ArrowDown': () => stepTo(index + 1),
      'ArrowUp': () => stepTo(index - 1),
      'Home': () => stepTo(0),
      'End': () => stepTo(lines.length - 1),
      // Out to its replicas and back to its source, folding on the way, as trees do.
      'ArrowRight': () => (line.isOpen === false ? toggle(server.key) : line.isOpen === true ? stepTo(index + 1) : undefined),
      'ArrowLeft': () => (line.isOpen === true ? toggle(server.key) : server.source === null ? undefined : focusRow(server.source)),
      '[': () => (line.isOpen === true ? toggle(server.key) : undefined),
      ']': () => (line.isOpen === false ? toggle(server.key) : undefined),
      'n': () => toStop(1),
      'N': () => toStop(-1),
      'p': () => focusRow(cluster.primary?.key ?? ''),
      'x': () => choose(server.key),
      'm': () => act('move'),
      'M': () => act('move'),
      'd': () => act('downtimeBegin'),
      'r': () => act('refresh'),
      'Enter': () => select(selected === server.key ? null : server.key),
      'Escape': () => select(null),
      'ContextMenu': openMenu,
    }
    const what = event.key === 'F10' && event.shiftKey ? openMenu : does[event.key]
    if (what === undefined) return
    what()
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
            {hasTags ? <th scope="col">{t('cluster.filterBy.tag')}</th> : null}
            <th scope="col">
              <span className="visually-hidden">{t('list.menu')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? (
            <tr className="gap" aria-hidden style={{ height: before }}>
              <td colSpan={hasTags ? 9 : 8} />
            </tr>
          ) : null}
          {items.map(item => {
            const line = lines[item.index]
            if (line === undefined) return null
            const { server, level, isOpen } = line
            const worst = server.statuses[0]
            return (
              <tr
                key={server.key}
                data-key={server.key}
                aria-level={level}
                {...(isOpen === null ? {} : { 'aria-expanded': isOpen })}
                aria-selected={server.key === selected}
                aria-rowindex={item.index + 2}
                tabIndex={server.key === current ? 0 : -1}
                className={[server.key === selected ? 'is-selected' : '', chosen.has(server.key) ? 'is-chosen' : '', filtered !== null && !hits.has(server.key) ? 'is-beside' : ''].join(' ')}
                onClick={event => (event.ctrlKey || event.metaKey || event.shiftKey ? choose(server.key) : select(server.key === selected ? null : server.key))}
                onKeyDown={event => onKeyDown(event, line)}
                onContextMenu={event => {
                  event.preventDefault()
                  setMenu({ server, at: { x: event.clientX, y: event.clientY } })
                }}
              >
                <td className="list-name">
                  <span style={{ paddingInlineStart: (level - 1) * 22 }}>
                    <Fold isOpen={isOpen} name={nameOf(server.key)} toggle={() => toggle(server.key)} />
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
                {hasTags ? <td>{server.tags?.join(' ')}</td> : null}
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
              <td colSpan={hasTags ? 9 : 8} />
            </tr>
          ) : null}
        </tbody>
      </table>
      {menu === null ? null : <ServerMenu place={menu} cluster={cluster} onClose={() => setMenu(null)} />}
    </div>
  )
}

const none: ReadonlySet<string> = new Set()

/** Hides and shows what hangs below a row. By keys the row itself does it. */
function Fold({ isOpen, name, toggle }: { readonly isOpen: boolean | null; readonly name: string; readonly toggle: () => void }) {
  const { t } = useTranslation()
  if (isOpen === null) return <span className="no-fold" />
  const Icon = isOpen ? IconChevronDown : IconChevronRight
  return (
    <button
      type="button"
      className="row-fold"
      tabIndex={-1}
      // The row itself says whether it is unfolded, and its keys fold it.
      aria-hidden
      title={t(isOpen ? 'card.collapse' : 'card.expand', { server: name })}
      onClick={event => {
        event.stopPropagation()
        toggle()
      }}
    >
      <Icon size={15} />
    </button>
  )
}

function linesIn(branches: readonly Branch[]): readonly Line[] {
  const lines: Line[] = []
  const visit = (list: readonly Branch[], level: number): void => {
    for (const branch of list) {
      if (branch.kind === 'server') lines.push({ server: branch.server, level, isOpen: branch.hidden.length > 0 ? false : branch.children.length > 0 ? true : null })
      visit(branch.children, level + 1)
    }
  }
  visit(branches, 1)
  return lines
}
