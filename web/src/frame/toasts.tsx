import { Notifications } from '@mantine/notifications'
import { dialogs } from '../actions/dialogs.ts'
import { useStore } from '../ui/store.ts'

/**
 * Toasts: at the bottom right; while a dialog is open at the top, since they must never lie over the buttons of its foot.
 * They change places at once: one that moves must not be seen twice.
 */
export function Toasts() {
  const isAsking = useStore(dialogs, state => state.open !== null)
  return <Notifications position={isAsking ? 'top-left' : 'bottom-right'} limit={3} transitionDuration={0} />
}
