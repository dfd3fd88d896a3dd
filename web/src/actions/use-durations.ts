import { useTranslation } from 'react-i18next'

/** For how long people leave servers alone, in minutes. */
export function useDurations(): { value: string; label: string }[] {
  const { t } = useTranslation()
  return [
    { value: '10', label: t('downtime.minutes', { count: 10 }) },
    { value: '30', label: t('downtime.minutes', { count: 30 }) },
    { value: '60', label: t('downtime.hour') },
    { value: '240', label: t('downtime.hours', { count: 4 }) },
    { value: '1440', label: t('downtime.hours', { count: 24 }) },
    { value: '10080', label: t('downtime.days', { count: 7 }) },
  ]
}
