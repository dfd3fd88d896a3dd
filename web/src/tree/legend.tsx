import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../src/contract/views.ts'
import { statusOrder } from '../drawing/trouble.ts'
import { RoleIcon, roleIcons } from '../instance/role-icon.tsx'
import { StatusIcon } from '../instance/status-mark.tsx'
import type { ServerRole, ServerStatus, StatusCode } from '../../../src/contract/views.ts'

/** Every sign with its meaning; what is present in this cluster is told apart from what is not. */
export function Legend({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const severities = new Map<StatusCode, ServerStatus['severity']>(
    cluster.members.flatMap(member => member.statuses.map(status => [status.code, status.severity] as const)),
  )
  const roles = new Set(cluster.members.map(member => member.role))
  // The edge: keys of a record of all roles.
  const allRoles = Object.keys(roleIcons) as ServerRole[]
  return (
    <div className="legend">
      <h3>{t('legend.statuses')}</h3>
      <ul>
        {statusOrder.map(code => (
          <li key={code} className={severities.has(code) ? undefined : 'absent'}>
            <StatusIcon code={code} severity={severities.get(code) ?? 'stale'} />
            <span>{t(`status.${code}`)}</span>
          </li>
        ))}
      </ul>
      <h3>{t('legend.roles')}</h3>
      <ul>
        {allRoles.map(role => (
          <li key={role} className={roles.has(role) ? undefined : 'absent'}>
            <RoleIcon role={role} />
            <span>{t(`role.${role}`)}</span>
          </li>
        ))}
      </ul>
      <h3>{t('legend.links')}</h3>
      <ul className="legend-links">
        {(['well', 'slow', 'broken', 'unknown'] as const).map(state => (
          <li key={state}>
            <svg width="34" height="10" aria-hidden>
              <path className={`link link-${state}`} d="M1,5 H33" fill="none" />
            </svg>
            <span>{t(`legend.link${state === 'well' ? 'Well' : state === 'slow' ? 'Slow' : state === 'broken' ? 'Broken' : 'Unknown'}`)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
