import { IconEye, IconPlayerPauseFilled, IconPlugConnectedX, IconRefresh, IconServerCog } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { signedOut } from '../api/signed-out.ts'
import { live, togglePause } from '../live/live.ts'
import { useNow } from '../ui/now.ts'
import { useStore } from '../ui/store.ts'
import { duration } from '../words/format.ts'
import { useSay } from '../words/say.ts'

/** Whether the page is alive; a click stands it still and lets it go on. */
export function LiveChip() {
  const { t } = useTranslation()
  const { state, since, isPaused, waiting } = useStore(live, each => each)
  const now = useNow()
  const isSignedOut = useStore(signedOut, each => each.isSignedOut)
  if (isPaused) {
    return (
      <button type="button" className="chip-button tone-warning" title={t('live.resume')} onClick={togglePause}>
        <IconPlayerPauseFilled size={14} />
        {waiting === 0 ? t('live.paused') : t('live.pausedWaiting', { count: waiting })}
      </button>
    )
  }
  const words = isSignedOut ? t('frameMore.signedOutChip') : state === 'reconnecting' ? t('live.reconnecting', { time: duration((now - since) / 1000) }) : t(`live.${state}`)
  return (
    <button type="button" className={`chip-button ${state === 'live' ? '' : 'tone-warning'}`} title={t('live.pause')} onClick={togglePause}>
      {state === 'live' ? <span className="dot" aria-hidden /> : state === 'reconnecting' ? <IconPlugConnectedX size={14} /> : <IconRefresh size={14} />}
      <span className="chip-words">{words}</span>
    </button>
  )
}

/** Who decides now. */
export function LeaderChip() {
  const { t } = useTranslation()
  const { data: me } = useQuery(queries.me)
  if (me === undefined) return null
  const words =
    me.leader === ''
      ? t('leader.none')
      : me.leader === me.node
        ? t('leader.self', { leader: me.leader })
        : t('leader.other', { node: me.node, leader: me.leader })
  return (
    <Link to="/status" className={`chip-button ${me.leader === '' ? 'tone-critical' : ''}`}>
      <IconServerCog size={14} aria-hidden />
      <span className="chip-words">{words}</span>
    </Link>
  )
}

/** Shown to a user who may look but not change. */
export function ReaderChip() {
  const { t } = useTranslation()
  const say = useSay()
  const { data: me } = useQuery(queries.me)
  if (me === undefined || me.mayWrite) return null
  return (
    <span className="chip-button" title={me.reason === null ? t('frame.needsAdministrator') : say(me.reason)}>
      <IconEye size={14} aria-hidden />
      {me.user === '' ? t('frame.readOnlyAnonymous') : t('frame.readOnly', { user: me.user })}
    </span>
  )
}
