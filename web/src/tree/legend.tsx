import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerStatus, StatusCode } from '../../../src/contract/views.ts'
import type { Colours } from '../drawing/colours.ts'
import { grow } from '../drawing/forest.ts'
import { linksOf } from '../drawing/links.ts'
import { statusOrder } from '../drawing/trouble.ts'
import { chipIcons } from '../instance/chip-row.tsx'
import { useNameOf } from '../instance/names.ts'
import { RoleIcon } from '../instance/role-icon.tsx'
import { chipsOf } from '../instance/server-chips.ts'
import { StatusIcon } from '../instance/status-mark.tsx'

/** Every sign that is present in this cluster, with its meaning. */
export function Legend({ cluster, colours }: { readonly cluster: ClusterView; readonly colours: Colours }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { members } = cluster
  const severities = new Map<StatusCode, ServerStatus['severity']>(members.flatMap(({ statuses }) => statuses.map(({ code, severity }) => [code, severity] as const)))
  const roles = [...new Set(members.map(member => member.role))]
  const chips = [...new Set(members.flatMap(member => chipsOf(member, nameOf(member.key), t).map(({ kind }) => kind)))]
  const links = linksOf(grow(members, { foldAlike: false, opened: new Set(), toggled: new Set(), isWhole: true }))
  const states = (['well', 'slow', 'broken', 'unknown'] as const).filter(state => links.some(link => link.state === state))
  return (
    <div className="legend">
      <Part title={t('legend.statuses')}>
        {statusOrder
          .filter(code => severities.has(code))
          .map(code => (
            <li key={code}>
              <StatusIcon code={code} severity={severities.get(code) ?? 'stale'} />
              <span>{t(`status.${code}`)}</span>
            </li>
          ))}
      </Part>
      <Part title={t('legend.roles')}>
        {roles.map(role => (
          <li key={role}>
            <RoleIcon role={role} />
            <span>{t(`role.${role}`)}</span>
          </li>
        ))}
      </Part>
      <Part title={t('legend.links')}>
        {states.map(state => (
          <li key={state}>
            <svg width="34" height="10" aria-hidden>
              <path className={`link link-${state}`} d="M1,5 H33" fill="none" />
            </svg>
            <span>{t(`legend.link${state === 'well' ? 'Well' : state === 'slow' ? 'Slow' : state === 'broken' ? 'Broken' : 'Unknown'}`)}</span>
          </li>
        ))}
        {links.some(link => link.isSemiSync) ? (
          <li>
            <svg width="34" height="10" aria-hidden>
              <path className="link link-well link-outer" d="M1,5 H33" fill="none" />
              <path className="link link-inner" d="M1,5 H33" fill="none" />
            </svg>
            <span>{t('legend.linkSemiSync')}</span>
          </li>
        ) : null}
        {links.some(link => link.isMutual) ? (
          <li>
            <svg width="34" height="10" aria-hidden>
              <path className="link link-well" d="M5,5 H29" fill="none" />
              <path className="link-arrow" d="M0,5 L8,1 V9 Z M34,5 L26,1 V9 Z" />
            </svg>
            <span>{t('legend.linkMutual')}</span>
          </li>
        ) : null}
      </Part>
      <Part title={t('legend.chips')} className="legend-marks">
        {chips.map(kind => {
          const Icon = chipIcons[kind]
          return (
            <li key={kind}>
              <Icon size={14} />
              <span>{t(`legend.chip.${kind}`)}</span>
            </li>
          )
        })}
      </Part>
      <Part title={t('legend.colours')}>
        {colours.values.map(({ value, colour, count }) => (
          <li key={value}>
            <span className={`colour-mark colour-${colour}`} aria-hidden />
            <span>
              {value} <span className="dim">({count})</span>
            </span>
          </li>
        ))}
      </Part>
    </div>
  )
}

function Part({ title, className, children }: { readonly title: string; readonly className?: string; readonly children: ReactNode }) {
  const parts = (Array.isArray(children) ? children.flat() : [children]).filter(child => child !== null && child !== false)
  if (parts.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className={className}>{children}</ul>
    </>
  )
}
