import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { signedOut } from '../api/signed-out.ts'
import { live } from '../live/live.ts'
import { useStore } from '../ui/store.ts'
import { useSay } from '../words/say.ts'

/** Why nothing may be changed now, as a sentence; null when it may. */
export function useMayAct(): string | null {
  const { t } = useTranslation()
  const say = useSay()
  const me = useQuery(queries.me)
  const isAway = useStore(live, state => state.state === 'reconnecting')
  const isSignedOut = useStore(signedOut, each => each.isSignedOut)
  if (isSignedOut) return t('frame.signInAgain')
  if (isAway) return t('live.lostShort')
  if (me.data === undefined || me.data.mayWrite) return null
  return me.data.reason === null ? t('frame.needsAdministrator') : say(me.data.reason)
}
