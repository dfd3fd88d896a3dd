import { Notifications } from '@mantine/notifications'
import { dialogs } from '../actions/dialogs.ts'
import { useStore } from '../ui/store.ts'

/**
 * Toasts: at the bottom right; while a dialog is open at the top, since they must never lie over the buttons of its foot.
 * At each place they are made anew: one that moved from the one to the other would be seen at both for a moment.
 */
export function Toasts() {
  const isAsking = useStore(dialogs, state => state.open !== null)
  const position = isAsking ? 'top-left' : 'bottom-right'
  return <Notifications key={position} position={position} limit={3} transitionDuration={0} />
}
