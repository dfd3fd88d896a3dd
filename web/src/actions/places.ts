import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'

export type Place = '/clusters' | '/clusters-analysis' | '/audit-failure-detection' | '/audit-recovery' | '/audit' | '/search' | '/discover' | '/doctor' | '/status' | '/settings' | '/about' | '/pools' | '/agents' | '/seeds'

/** Every page that is reached by its name alone. */
export function usePlaces(): readonly { readonly to: Place; readonly name: string }[] {
  const { t } = useTranslation()
  const served = useQuery(queries.me).data?.agentsServed === true
  return useMemo(
    () => [
      { to: '/clusters', name: t('frame.clusters') },
      { to: '/clusters-analysis', name: t('frame.problems') },
      { to: '/audit-failure-detection', name: t('history.title') },
      { to: '/audit-recovery', name: t('frame.recoveries') },
      { to: '/audit', name: t('activity.title') },
      { to: '/search', name: t('servers.title') },
      { to: '/pools', name: t('pools.title') },
      ...(served ? [{ to: '/agents' as const, name: t('agents.title') }, { to: '/seeds' as const, name: t('agents.seeds') }] : []),
      { to: '/discover', name: t('frame.discover') },
      { to: '/doctor', name: t('doctor.frame') },
      { to: '/status', name: t('frame.status') },
      { to: '/settings', name: t('settings.title') },
      { to: '/about', name: t('about.title') },
    ],
    [served, t],
  )
}
