import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { FindingView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import { useNow } from '../ui/now.ts'
import { clock, duration } from '../words/format.ts'
import { useSay } from '../words/say.ts'

/** What will be done about a finding, or why nothing will: always one sentence. */
export function Outlook({ finding }: { readonly finding: FindingView }) {
  const { t } = useTranslation()
  const say = useSay()
  const { data: me } = useQuery(queries.me)
  const now = useNow()
  const { outlook } = finding
  const hasNoLeader = me?.leader === '' && ['due', 'waiting-for-evidence'].includes(outlook.state) && outlook.reason.code !== 'suspected'
  if (outlook.reason.code === 'suspected') return <span className={`outlook outlook-${outlook.state}`}>{say(outlook.reason)}</span>
  return (
    <span className={`outlook outlook-${outlook.state}`}>
      {hasNoLeader ? t('outlook.noLeader') : outlookWords(outlook, now, t)}
      {outlook.state === 'none-needed' ? null : <span className="dim"> — {say(outlook.reason)}</span>}
    </span>
  )
}

/** What happens next, with its time where there is one. */
function outlookWords({ state, at, reason: { parameters } }: FindingView['outlook'], now: number, t: TFunction): string {
  const { recovery, startedAt, since, by = '' } = parameters
  if (state === 'waiting-for-evidence') return at === null ? t('outlook.confirming') : t('outlook.confirmingIn', { time: duration(Math.max(0, Math.ceil((at - now) / 1000))) })
  if (state === 'blocked' && at !== null && recovery !== undefined) return t('outlook.blockedUntil', { until: clock(at, now), id: recovery, at: clock(Number(startedAt), now) })
  if (state === 'off' && since !== undefined) return by === '' ? t('outlook.offSince', { at: clock(Number(since), now) }) : t('outlook.offSinceBy', { at: clock(Number(since), now), by: String(by) })
  if (state === 'downtimed' && at !== null) return t('outlook.downtimedUntil', { until: clock(at, now) })
  return t(`outlook.${state}`)
}

export function Since({ at }: { readonly at: number | null }) {
  const { t } = useTranslation()
  const now = useNow()
  return at === null ? null : <span className="since">{t('time.since', { time: duration((now - at) / 1000) })}</span>
}
