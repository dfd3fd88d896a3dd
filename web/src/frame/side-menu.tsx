import { ActionIcon, Menu } from '@mantine/core'
import { useMantineColorScheme } from '@mantine/core'
import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconBinaryTree,
  IconDatabase,
  IconDeviceDesktop,
  IconFirstAidKit,
  IconInfoCircle,
  IconKeyboard,
  IconLanguage,
  IconListDetails,
  IconMoon,
  IconRadar2,
  IconServer2,
  IconSettings,
  IconStack2,
  IconStethoscope,
  IconSun,
  IconUser,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { openDialog } from '../actions/dialogs.ts'
import { queries } from '../api/queries.ts'
import { chooseLanguage, languages, type Language } from '../words/language.ts'

type Place = '/clusters' | '/clusters-analysis' | '/audit-recovery' | '/audit' | '/search' | '/discover' | '/doctor' | '/status' | '/settings' | '/pools' | '/agents'

/** The places, with how many things in each need a person. */
export function SideMenu() {
  const { t } = useTranslation()
  const me = useQuery(queries.me)
  const fleet = useQuery(queries.fleet)
  const findings = useQuery(queries.findings)
  const recoveries = useQuery(queries.recoveries(0))
  const broken = fleet.data?.clusters.filter(row => row.worstFinding?.severity === 'critical' && !row.worstFinding.isDowntimed).length ?? 0
  const problems = findings.data?.filter(finding => !finding.isDowntimed && finding.severity === 'critical').length ?? 0
  const open = recoveries.data?.filter(recovery => recovery.acknowledged === null && recovery.command === '').length ?? 0
  const places: readonly { readonly to: Place; readonly name: string; readonly icon: ComponentType<{ readonly size?: number }>; readonly count: number; readonly isRare?: boolean }[] = [
    { to: '/clusters', name: t('frame.clusters'), icon: IconBinaryTree, count: broken },
    { to: '/clusters-analysis', name: t('frame.problems'), icon: IconAlertTriangle, count: problems },
    { to: '/audit-recovery', name: t('frame.recoveries'), icon: IconFirstAidKit, count: open },
    { to: '/audit', name: t('activity.title'), icon: IconListDetails, count: 0 },
    { to: '/search', name: t('servers.title'), icon: IconDatabase, count: 0 },
    { to: '/pools', name: t('pools.title'), icon: IconStack2, count: 0, isRare: true },
    ...(me.data?.agentsServed === true ? [{ to: '/agents' as const, name: t('agents.title'), icon: IconServer2, count: 0, isRare: true }] : []),
    { to: '/discover', name: t('frame.discover'), icon: IconRadar2, count: 0 },
    { to: '/doctor', name: t('doctor.frame'), icon: IconStethoscope, count: 0 },
    { to: '/status', name: t('frame.status'), icon: IconActivityHeartbeat, count: 0 },
    { to: '/settings', name: t('settings.title'), icon: IconSettings, count: 0, isRare: true },
  ]
  return (
    <nav className="side" aria-label={t('frame.menu')}>
      <ul>
        {places.map(({ to, name, icon: Icon, count, isRare }) => (
          <li key={to} className={isRare === true ? 'rare' : undefined}>
            <Link to={to} activeProps={{ className: 'active', 'aria-current': 'page' }}>
              <span className="mark" aria-hidden>
                <Icon size={19} />
              </span>
              <span>{name}</span>
              {count === 0 ? null : (
                <span className="count" role="img" aria-label={t('frame.attention', { count })}>
                  {count}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      {(me.data?.user ?? '') === '' ? null : (
        <p className="side-user" title={t('frame.user', { user: me.data?.user })}>
          <IconUser size={16} aria-hidden />
          <span>{me.data?.user}</span>
        </p>
      )}
      <div className="side-foot">
        <LanguageMenu />
        <ThemeMenu />
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('frame.keys')} title={t('frame.keys')} onClick={() => openDialog({ kind: 'keys' })}>
          <IconKeyboard size={18} />
        </ActionIcon>
        <ActionIcon component={Link} to="/about" variant="subtle" color="gray" size={34} aria-label={t('about.title')} title={t('about.title')}>
          <IconInfoCircle size={18} />
        </ActionIcon>
      </div>
    </nav>
  )
}

function LanguageMenu() {
  const { t, i18n } = useTranslation()
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('frame.language')} title={t('frame.language')}>
          <IconLanguage size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['en', 'zh'] as const satisfies readonly Language[]).map(language => (
          <Menu.Item
            key={language}
            lang={language === 'zh' ? 'zh-Hans' : 'en'}
            aria-current={i18n.language === language}
            onClick={() => void chooseLanguage(language)}
          >
            {languages[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function ThemeMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const themes = [
    ['light', t('frame.themeLight'), IconSun],
    ['dark', t('frame.themeDark'), IconMoon],
    ['auto', t('frame.themeAuto'), IconDeviceDesktop],
  ] as const
  const Icon = themes.find(([name]) => name === colorScheme)?.[2] ?? IconDeviceDesktop
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('frame.theme')} title={t('frame.theme')}>
          <Icon size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {themes.map(([name, words, Each]) => (
          <Menu.Item key={name} leftSection={<Each size={15} />} aria-current={name === colorScheme} onClick={() => setColorScheme(name)}>
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
