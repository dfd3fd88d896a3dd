import i18next, { type i18n, type TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'

/**
 * What `react-i18next` means in the built page (vite.config.ts): its `useTranslation` with what we use of it. The package's own keeps a state and two effects for each
 * component that says a word, which is a third of the work of drawing a card; here all of them follow one value.
 */
interface Translation {
  readonly t: TFunction
  readonly i18n: i18n
}

const following = new Set<() => void>()
let current: Translation = { t: i18next.t, i18n: i18next }

/** Another language, or words that came later: everything is said anew. */
function changed(): void {
  current = { t: i18next.getFixedT(i18next.language), i18n: i18next }
  for (const follower of following) follower()
}

export const initReactI18next = {
  type: '3rdParty' as const,
  init(instance: i18n) {
    instance.on('languageChanged', changed)
    instance.store.on('added', changed)
  },
}

function follow(follower: () => void): () => void {
  following.add(follower)
  return () => following.delete(follower)
}

const translation = (): Translation => current

export const useTranslation = (): Translation => useSyncExternalStore(follow, translation)
