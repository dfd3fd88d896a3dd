import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

export function AgentTabs() {
  const { t } = useTranslation()
  const active = { activeProps: { 'aria-current': 'page' } } as const
  return (
    <nav className="tabs" aria-label={t('agents.title')}>
      <Link to="/agents" {...active}>
        {t('agents.list')}
      </Link>
      <Link to="/seeds" {...active}>
        {t('agents.seeds')}
      </Link>
    </nav>
  )
}
