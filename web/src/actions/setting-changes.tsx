import { useTranslation } from 'react-i18next'
import type { ConfigurationChange } from '../../../src/contract/configuration.ts'

const text = (value: unknown): string => JSON.stringify(value)

/** What reading the files again changes: before, after, and from when on. */
export function SettingChanges({ changes }: { readonly changes: readonly ConfigurationChange[] }) {
  const { t } = useTranslation()
  return (
    <ul className="setting-changes">
      {changes.map(({ key, before, after, from }) => (
        <li key={key}>
          <strong className="mono">{key}</strong> <code>{text(before)}</code> → {text(before) === text(after) ? <em>{t('settings.secret')}</em> : <code>{text(after)}</code>}{' '}
          <span className="dim">{from === 'now' ? t('settings.now') : t('settings.restart')}</span>
        </li>
      ))}
    </ul>
  )
}
