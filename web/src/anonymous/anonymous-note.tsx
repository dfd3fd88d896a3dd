import { Button } from '@mantine/core'
import { IconSpy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isAnonymous, showNames } from './anonymous.ts'

/** Says on every page that names are hidden, and shows them again. */
export function AnonymousNote() {
  const { t } = useTranslation()
  if (!isAnonymous()) return null
  return (
    <aside className="anonymous-note" aria-label={t('cluster.namesHidden')}>
      <IconSpy size={16} aria-hidden />
      {t('cluster.namesHidden')}
      <Button size="compact-xs" variant="subtle" onClick={showNames}>
        {t('cluster.showNames')}
      </Button>
    </aside>
  )
}
