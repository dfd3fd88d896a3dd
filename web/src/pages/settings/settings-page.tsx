import { Button, Switch, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingsView, ShownSetting } from '../../../../src/contract/configuration.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { RequestFailure } from '../../api/request.ts'
import { Failure, Loading } from '../../ui/page-state.tsx'
import { useTitle } from '../title.ts'
import { SettingChanges } from '../../actions/setting-changes.tsx'
import { Mine } from './mine.tsx'
import { settingText } from './setting-text.ts'

/** What is kept in this browser, and what the program works by. */
export function SettingsPage() {
  const { t } = useTranslation()
  const settings = useQuery(queries.settings)
  const isForbidden = settings.error instanceof RequestFailure && settings.error.status === 403
  useTitle(t('settings.title'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('settings.title')}</h1>
      </div>
      <Mine />
      {settings.isPending ? <Loading /> : null}
      {isForbidden ? <p className="notice info">{t('settings.notShown')}</p> : null}
      {settings.isError && !isForbidden ? <Failure error={settings.error} retry={() => void settings.refetch()} /> : null}
      {settings.data === undefined ? null : <Program settings={settings.data} />}
    </div>
  )
}

function Program({ settings }: { readonly settings: SettingsView }) {
  const { t } = useTranslation()
  const whyNot = useMayAct()
  const [query, setQuery] = useState('')
  const [onlyGiven, setOnlyGiven] = useState(false)
  const { pending, files, warnings } = settings
  const meaning = useMeaning()
  const asked = query.toLowerCase().trim()
  const shown = settings.settings.filter(
    setting => (!onlyGiven || setting.isGiven) && `${setting.key} ${meaning(setting)} ${settingText(setting.value)}`.toLowerCase().includes(asked),
  )
  return (
    <section className="settings-program" aria-label={t('settings.program')}>
      <div className="page-head">
        <h2>{t('settings.program')}</h2>
        <span className="dim">{t('settings.at', { node: settings.node })}</span>
        <span className="grow" />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={15} />}
          disabled={whyNot !== null}
          {...(whyNot === null ? {} : { title: whyNot })}
          onClick={() => openDialog({ kind: 'reload-configuration' })}
        >
          {t('settings.reload')}
        </Button>
      </div>
      <p className="dim">{files.length === 0 ? t('settings.noFiles') : <code>{files.join(', ')}</code>}</p>
      {pending.problem === null ? null : (
        <div className="notice critical" role="alert">
          <IconAlertTriangle size={20} aria-hidden />
          <div className="notice-body">
            <strong>{t('settings.problem')}</strong>
            <span>{pending.problem}</span>
          </div>
        </div>
      )}
      {pending.changes.length === 0 ? null : (
        <div className="notice warning">
          <IconAlertTriangle size={20} aria-hidden />
          <div className="notice-body">
            <strong>{t('settings.pending', { count: pending.changes.length })}</strong>
            <SettingChanges changes={pending.changes} />
          </div>
        </div>
      )}
      {warnings.length === 0 ? null : (
        <div className="notice warning">
          <IconAlertTriangle size={20} aria-hidden />
          <div className="notice-body">
            <strong>{t('settings.warnings')}</strong>
            <ul className="plain-list" lang="en">
              {warnings.map(warning => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <div className="row wrap">
        <TextInput
          data-filter
          size="xs"
          w={300}
          aria-label={t('settings.filter')}
          placeholder={t('settings.filter')}
          leftSection={<IconSearch size={14} />}
          value={query}
          onChange={event => setQuery(event.currentTarget.value)}
        />
        <Switch size="xs" label={t('settings.onlyGiven')} checked={onlyGiven} onChange={event => setOnlyGiven(event.currentTarget.checked)} />
        <span className="dim" role="status">
          {asked !== '' && shown.length === 0 ? t('state.nothingMatches', { query }) : t('settings.count', { count: shown.length })}
        </span>
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('settings.program')}>
        <table className="table compact settings-table as-cards">
          <thead>
            <tr>
              <th scope="col">{t('settings.key')}</th>
              <th scope="col">{t('settings.value')}</th>
              <th scope="col">{t('settings.standard')}</th>
              <th scope="col">{t('settings.source')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(setting => (
              <Row key={setting.key} setting={setting} says={meaning(setting)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** What a setting means, in the language of the page; the many words of Chinese come with this page alone. A setting that has none keeps the server's English. */
function useMeaning(): (setting: ShownSetting) => string {
  const { i18n } = useTranslation()
  const isChinese = i18n.language === 'zh'
  const { data: words } = useQuery({ queryKey: ['words-of-settings'], queryFn: async () => (await import('../../words/zh-settings.ts')).zhSettings, enabled: isChinese, staleTime: Infinity })
  return ({ key, says }) => (isChinese ? words?.[key] : undefined) ?? says
}

function Row({ setting, says }: { readonly setting: ShownSetting; readonly says: string }) {
  const { t } = useTranslation()
  const unit = setting.unit !== null && setting.unit in units ? ` ${t(`settings.unit.${setting.unit as keyof typeof units}`)}` : ''
  const shown = (value: unknown) => {
    const text = settingText(value)
    return text === '' ? <span className="dim">{t('settings.empty')}</span> : <code>{`${text}${unit}`}</code>
  }
  return (
    <tr>
      <th scope="row" className="wraps">
        <span className="mono">{setting.key}</span>
        <span className="sub" {...(says === setting.says ? { lang: 'en' } : {})}>
          {says}
        </span>
      </th>
      <td className="wraps" data-label={t('settings.value')}>{shown(setting.value)}</td>
      <td className="wraps" data-label={t('settings.standard')}>{shown(setting.default)}</td>
      <td data-label={t('settings.source')}>
        {setting.isGiven ? t('settings.byFile') : <span className="dim">{t('settings.byDefault')}</span>}
        {setting.from === 'restart' ? <span className="sub">{t('settings.atStart')}</span> : null}
      </td>
    </tr>
  )
}

const units = { milliseconds: true, seconds: true, minutes: true, hours: true, days: true }
