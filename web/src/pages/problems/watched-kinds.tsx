import { useTranslation } from 'react-i18next'
import { findingTitles } from '../../words/findings.ts'

/** Everything that is looked for, folded: a page without problems says what it would have told. */
export function WatchedKinds() {
  const { t, i18n } = useTranslation()
  const kinds = Object.entries(findingTitles)
  return (
    <details className="watched-kinds">
      <summary>{t('lists.watchedKinds', { count: kinds.length })}</summary>
      <ul>
        {kinds.map(([code, titles]) => (
          <li key={code}>
            {titles[i18n.language === 'zh' ? 1 : 0]} <code>{code}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}
