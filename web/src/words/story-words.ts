import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import i18next from 'i18next'
import { withNames } from '../instance/names.ts'
import { makeStore, useStore } from '../ui/store.ts'
import type { ReasonWords } from './reason-words.ts'

/** The sentences that a record is made of are many, and few pages show one: they come when they are needed, and until then it stands as it was written. */
const loaded = makeStore<{ readonly words: typeof import('./story-sentences.ts') | null }>({ words: null })
let isAsked = false

function ask(): void {
  if (isAsked) return
  isAsked = true
  import('./story-sentences.ts').then(
    words => loaded.set({ words }),
    // Asked for again by the next who needs them.
    () => (isAsked = false),
  )
}

/** The same sentences come again and again while a recovery runs. */
const remembered = new Map<string, string>()
const rememberedMax = 2_000

/** Messages of a recovery's record in the language of the page, servers called as on the page. */
export function useStoryWords(): { readonly message: (text: string) => string; readonly stage: (name: string) => string } {
  const { i18n } = useTranslation()
  const words = useStore(loaded, state => state.words)
  useEffect(ask)
  const { language } = i18n
  return {
    message(text) {
      if (words === null) return withNames(text)
      // The edge: the bundle is put there by language.ts and has this shape.
      const reasons = i18next.getResourceBundle(language, 'reasons') as ReasonWords | undefined
      const key = `${language} ${reasons === undefined ? '' : 'with reasons '}${text}`
      const known = remembered.get(key)
      if (known !== undefined) return withNames(known)
      if (remembered.size >= rememberedMax) remembered.clear()
      const said = words.sayStep(text, language, reasons ?? {})
      remembered.set(key, said)
      return withNames(said)
    },
    stage: name => words?.stageName(name, language) ?? name,
  }
}
