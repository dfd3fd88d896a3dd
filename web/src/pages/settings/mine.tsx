import { Select, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { choices, prefer, preferences, type PreferenceName } from '../../ui/preferences.ts'
import { useStore } from '../../ui/store.ts'
import { zoneName } from '../../words/format.ts'
import { chooseLanguage, languages } from '../../words/language.ts'

/** What a person wants of the page; kept in this browser, at once in force. */
export function Mine() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const chosen = useStore(preferences, state => state)
  const themes = [
    { value: 'light', label: t('frame.themeLight') },
    { value: 'dark', label: t('frame.themeDark') },
    { value: 'auto', label: t('frame.themeAuto') },
  ] as const
  const names = Object.keys(choices) as PreferenceName[] // the keys of that table
  return (
    <section className="settings-mine" aria-label={t('settings.mine')}>
      <h2>{t('settings.mine')}</h2>
      <p className="dim">{t('settings.mineText', { zone: zoneName() })}</p>
      <div className="settings-choices">
        <Select
          size="xs"
          label={t('frame.language')}
          data={(['en', 'zh'] as const).map(value => ({ value, label: languages[value] }))}
          value={i18n.language}
          onChange={value => void chooseLanguage(value === 'zh' ? 'zh' : 'en')}
          allowDeselect={false}
        />
        <Select
          size="xs"
          label={t('frame.theme')}
          data={themes}
          value={colorScheme}
          onChange={value => setColorScheme(themes.find(theme => theme.value === value)?.value ?? 'auto')}
          allowDeselect={false}
        />
        {names.map(name => (
          <Select
            key={name}
            size="xs"
            label={t(`settings.prefer.${name}.title`)}
            data={choices[name].map(value => ({ value, label: t(`settings.prefer.${name}.${value}` as 'settings.prefer.letters.on') }))} // each choice has words of its name
            value={chosen[name]}
            onChange={value => {
              const known = choices[name].find(each => each === value)
              if (known !== undefined) prefer({ [name]: known })
            }}
            allowDeselect={false}
          />
        ))}
      </div>
    </section>
  )
}
