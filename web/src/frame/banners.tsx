import { IconPlugConnectedX, IconServerOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { RequestFailure } from '../api/request.ts'
import { queries } from '../api/queries.ts'
import { live } from '../live/live.ts'
import { useNow } from '../ui/now.ts'
import { useStore } from '../ui/store.ts'
import { clock, duration } from '../words/format.ts'

const lostAfterMilliseconds = 30_000

/** What concerns the whole page: no answer from the program, no leader, signed out. */
export function Banners() {
  const { t } = useTranslation()
  const now = useNow()
  const { state, heardAt } = useStore(live, each => each)
  const me = useQuery(queries.me)
  const isLost = state !== 'live' && now - heardAt > lostAfterMilliseconds
  if (isLost) {
    return (
      <div className="banner tone-critical" role="alert">
        <IconPlugConnectedX size={19} aria-hidden />
        <span>{t('live.lost', { time: duration((now - heardAt) / 1000), at: clock(heardAt, now) })}</span>
      </div>
    )
  }
  if (me.error instanceof RequestFailure && me.error.status === 401) {
    return (
      <div className="banner tone-warning" role="alert">
        <span>
          <strong>{t('frame.signInAgain')}</strong> {t('frame.signInAgainText')}
        </span>
        <a href={document.baseURI}>{t('frame.signIn')}</a>
      </div>
    )
  }
  if (me.data !== undefined && me.data.leader === '') {
    return (
      <div className="banner tone-critical" role="alert">
        <IconServerOff size={19} aria-hidden />
        <span>{t(me.data.mayWrite ? 'leader.noneTextMayWrite' : 'leader.noneText')}</span>
        <Link to="/status">{t('frame.status')}</Link>
      </div>
    )
  }
  return null
}
