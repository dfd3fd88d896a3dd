import { Notifications, useNotifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { dialogs } from '../actions/dialogs.ts'
import { useStore } from '../ui/store.ts'

const shownMax = 3

/**
 * Toasts: at the bottom right; while a dialog is open at the top, since they must never lie over the buttons of its foot.
 * At each place they are made anew: one that moved from the one to the other would be seen at both for a moment.
 * At most three are shown; how many wait behind them is told, and all that was told stays in the tray.
 */
export function Toasts() {
  const { t } = useTranslation()
  const isAsking = useStore(dialogs, state => state.open !== null)
  const waiting = useNotifications().queue.length
  const position = isAsking ? 'top-left' : 'bottom-right'
  return (
    <>
      <Notifications key={position} position={position} limit={shownMax} transitionDuration={0} />
      {waiting === 0 ? null : <span className={`toasts-waiting is-${position}`}>{t('frameMore.moreToasts', { count: waiting })}</span>}
    </>
  )
}
