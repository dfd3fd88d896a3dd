import { useTranslation } from 'react-i18next'
import type { HookListView } from '../../../src/contract/views.ts'

/** The commands that would run, list by list, folded. */
export function HookLists({ hooks }: { readonly hooks: readonly HookListView[] }) {
  const { t } = useTranslation()
  const filled = hooks.filter(({ commands }) => commands.length > 0)
  return (
    <details>
      <summary>{t('recover.hooks')}</summary>
      {filled.length === 0 ? <p className="dim">{t('recover.noHooks')}</p> : null}
      {filled.map(({ list, commands }) => (
        <div key={list}>
          <span className="dim">{list}</span>
          {commands.map(command => (
            <code key={command} className="block">
              {command}
            </code>
          ))}
        </div>
      ))}
    </details>
  )
}
