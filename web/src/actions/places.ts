import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

export type Place = '/clusters' | '/clusters-analysis' | '/audit-failure-detection' | '/audit-recovery' | '/audit' | '/search' | '/discover' | '/doctor' | '/status' | '/settings'

/** Every page that is reached by its name alone. */
export function usePlaces(): readonly { readonly to: Place; readonly name: string }[] {
  const { t } = useTranslation()
  return useMemo(
    () => [
      { to: '/clusters', name: t('frame.clusters') },
      { to: '/clusters-analysis', name: t('frame.problems') },
      { to: '/audit-failure-detection', name: t('history.title') },
      { to: '/audit-recovery', name: t('frame.recoveries') },
      { to: '/audit', name: t('activity.title') },
      { to: '/search', name: t('servers.title') },
      { to: '/discover', name: t('frame.discover') },
      { to: '/doctor', name: t('doctor.frame') },
      { to: '/status', name: t('frame.status') },
      { to: '/settings', name: t('settings.title') },
    ],
    [t],
  )
}
