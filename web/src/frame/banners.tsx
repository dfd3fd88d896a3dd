import { IconPlugConnectedX, IconServerOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { signedOut } from '../api/signed-out.ts'
import { live } from '../live/live.ts'
import { later } from '../ui/later.tsx'
import { useNow } from '../ui/now.ts'
import { useStore } from '../ui/store.ts'
import { clock, duration } from '../words/format.ts'
import { useSay } from '../words/say.ts'

const SignedOutDialog = later(() => import('./signed-out-dialog.tsx').then(part => part.SignedOutDialog))

/** After so long without an answer what is shown is dimmed and said to be old. */
const lostAfterMilliseconds = 30_000

/** Nothing was heard for so long that what is shown may not be true any more. */
export function useIsLost(): boolean {
  const now = useNow()
  const { state, heardAt } = useStore(live, each => each)
  return state === 'reconnecting' && now - heardAt > lostAfterMilliseconds
}

/** What concerns the whole page: no answer from the program, no leader, signed out. */
export function Banners() {
  const { t } = useTranslation()
  const say = useSay()
  const now = useNow()
  const heardAt = useStore(live, each => each.heardAt)
  const isLost = useIsLost()
  const me = useQuery(queries.me)
  const isSignedOut = useStore(signedOut, each => each.isSignedOut)
  const hasNoLeader = me.data?.leader === ''
  const { data: group } = useQuery({ ...queries.group, enabled: hasNoLeader })
  if (isLost && !isSignedOut) {
    return (
      <div className="banner tone-critical" role="alert">
        <IconPlugConnectedX size={19} aria-hidden />
        <span>{t('live.lost', { time: duration((now - heardAt) / 1000), at: clock(heardAt, now) })}</span>
      </div>
    )
  }
  if (isSignedOut) {
    return (
      <div className="banner tone-warning" role="alert">
        <span>
          <strong>{t('frame.signInAgain')}</strong> {t('frame.signInAgainText')}
        </span>
        <a href={document.baseURI} target="_blank" rel="noopener">
          {t('frame.signIn')}
        </a>
        <SignedOutDialog />
      </div>
    )
  }
  if (me.data !== undefined && hasNoLeader) {
    return (
      <div className="banner tone-critical" role="alert">
        <IconServerOff size={19} aria-hidden />
        <span>{group !== undefined && group.leader === null && group.mode === 'raft' ? `${say(group.quorum)}${t('frameMore.stop')}` : t(me.data.mayWrite ? 'leader.noneTextMayWrite' : 'leader.noneText')}</span>
        <Link to="/status">{t('frame.status')}</Link>
      </div>
    )
  }
  return null
}
