import { useEffect, useState } from 'react'
import i18next from 'i18next'
import { useStore } from '../ui/store.ts'
import { closeDialog, dialogs } from './dialogs.ts'
import { failureText, tellFailure } from './run.ts'

type DialogsModule = typeof import('./dialog-of.tsx')

const load = (): Promise<DialogsModule> => import('./dialog-of.tsx')
/** After the page itself, so that a dialog opens at once, and also when the program has gone by then. */
const fetchedAfterMilliseconds = 1_500

/** The one dialog that is open, whatever opened it. */
export function Dialogs() {
  const open = useStore(dialogs, state => state.open)
  const number = useStore(dialogs, state => state.number)
  const [loaded, setLoaded] = useState<DialogsModule | null>(null)
  const isWanted = open !== null
  useEffect(() => {
    if (loaded !== null) return
    const fetchNow = (): void =>
      void load().then(setLoaded, (error: unknown) => {
        if (!isWanted) return
        closeDialog()
        tellFailure(i18next.t('plan.notSent'), failureText(error))
      })
    if (isWanted) return fetchNow()
    const timer = setTimeout(fetchNow, fetchedAfterMilliseconds)
    return () => clearTimeout(timer)
  }, [loaded, isWanted])
  return open === null || loaded === null ? null : <loaded.DialogOf key={number} open={open} />
}
