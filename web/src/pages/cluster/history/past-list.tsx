import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../../../src/contract/views.ts'
import { grow, walk, type Branch } from '../../../drawing/forest.ts'
import { useNameOf } from '../../../instance/names.ts'
import { RoleIcon } from '../../../instance/role-icon.tsx'
import { versionWords } from '../../../instance/server-words.ts'
import { StatusMark } from '../../../instance/status-mark.tsx'

const nothing: ReadonlySet<string> = new Set()

/** The servers of a moment as an indented list: for narrow screens, and for whoever prefers it. */
export function PastList({ members }: { readonly members: readonly ServerView[] }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const lines = useMemo(() => linesOf(grow(members, { foldAlike: false, opened: nothing, toggled: nothing, isWhole: true })), [members])
  return (
    <ul className="past-list" aria-label={t('past.list')}>
      {lines.map(({ server, level }) => (
        <li key={server.key} style={{ paddingInlineStart: `${(level - 1) * 18}px` }}>
          <span className="past-name">
            <RoleIcon role={server.role} />
            <span className="mono">{nameOf(server.key)}</span>
          </span>
          {server.statuses[0] === undefined ? null : <StatusMark status={server.statuses[0]} server={server} />}
          <span className="dim">{[versionWords(server), server.readOnly ? t('card.readOnly') : t('card.writable')].join(' · ')}</span>
        </li>
      ))}
    </ul>
  )
}

function linesOf(branches: readonly Branch[]): readonly { readonly server: ServerView; readonly level: number }[] {
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
