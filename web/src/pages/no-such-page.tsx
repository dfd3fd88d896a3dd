import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../ui/page-state.tsx'
import { useTitle } from './title.ts'

/** Of an address that leads nowhere; the whole of it stands in the browser's own line. */
const shownCharacters = 200

export function NoSuchPage() {
  const { t } = useTranslation()
  const path = useRouterState({ select: state => state.location.pathname })
  const text = lastPart(path).slice(0, 60)
  useTitle(t('state.notFound'))
  return (
    <div className="page">
      <Empty icon={<IconMapQuestion size={40} aria-hidden />} title={t('state.notFound')} text={t('state.notFoundText', { path: path.length > shownCharacters ? `${path.slice(0, shownCharacters)}…` : path })}>
        {text === '' ? null : (
          <Link to="/search" search={{ q: text }} className="button-link">
            {t('frameMore.searchServers', { text })}
          </Link>
        )}
        <Button component={Link} to="/clusters" variant="default">
          {t('state.backToClusters')}
        </Button>
      </Empty>
    </div>
  )
}

/** What somebody most likely looked for: the last part of the address. */
function lastPart(path: string): string {
  const part = path.split('/').findLast(each => each !== '') ?? ''
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
