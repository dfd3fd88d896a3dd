import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** What is wrong now, and what was. */
export function ProblemTabs() {
  const { t } = useTranslation()
  const active = { activeOptions: { exact: true }, activeProps: { 'aria-current': 'page' } } as const
  return (
    <nav className="tabs" aria-label={t('problems.title')}>
      <Link to="/clusters-analysis" {...active}>
        {t('history.open')}
      </Link>
      <Link to="/audit-failure-detection" {...active} activeOptions={{ exact: false, includeSearch: false }}>
        {t('history.title')}
      </Link>
    </nav>
  )
}
