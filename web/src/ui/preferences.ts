import { colourings, type Colouring } from '../drawing/colours.ts'
import type { Direction } from '../drawing/place.ts'
import { makeStore, useStore } from './store.ts'

/** What a person wants of the page, kept in this browser. Language and theme are kept by their own parts. */
export interface Preferences {
  readonly timeZone: 'local' | 'utc'
  readonly density: 'comfortable' | 'dense'
  /** How servers are called: by alias where they have one, by host without what all share, or by whole host and port. */
  readonly names: 'alias' | 'short' | 'host'
  /** How a cluster is shown first, where its replicas are drawn, what is folded, and what the stripe of a card tells. */
  readonly view: 'tree' | 'list' | 'text'
  readonly direction: Direction
  readonly fold: 'automatic' | 'alike' | 'nothing'
  readonly colourBy: Colouring
  /** Whether the plan of a move that a person began with one server waits for another press, when it is harmless and warns of nothing. */
  readonly moves: 'asked' | 'atOnce'
  /** Keys that are one letter or sign work: some voices and hands press them without meaning it. */
  readonly letters: 'on' | 'off'
}

const standard: Preferences = { timeZone: 'local', density: 'comfortable', names: 'alias', view: 'tree', direction: 'right', fold: 'automatic', colourBy: 'nothing', moves: 'asked', letters: 'on' }
/** What each may be, in the order offered. */
export const choices = {
  timeZone: ['local', 'utc'],
  density: ['comfortable', 'dense'],
  names: ['alias', 'short', 'host'],
  view: ['tree', 'list', 'text'],
  direction: ['right', 'down'],
  fold: ['automatic', 'alike', 'nothing'],
  colourBy: colourings,
  moves: ['asked', 'atOnce'],
  letters: ['on', 'off'],
} as const satisfies { readonly [Key in keyof Preferences]: readonly Preferences[Key][] }

export type PreferenceName = keyof Preferences

const key = 'orchestrator-preferences'

/** Of what was kept only what is still known; anything else is as if nothing had been chosen. */
export function readPreferences(kept: string | null): Preferences {
  let found: unknown = null
  try {
    found = JSON.parse(kept ?? 'null')
  } catch {
    return standard
  }
  if (typeof found !== 'object' || found === null) return standard
  const chosen = new Map(Object.entries(found))
  const names = Object.keys(choices) as PreferenceName[] // the keys of that table
  return names.reduce<Preferences>((all, name) => {
    const value = choices[name].find(each => each === chosen.get(name))
    return value === undefined ? all : { ...all, [name]: value }
  }, standard)
}

const load = (): Preferences => {
  try {
    return readPreferences(localStorage.getItem(key))
  } catch {
    return standard // storage may be forbidden
  }
}

export const preferences = makeStore<Preferences>(typeof localStorage === 'undefined' ? standard : load())

export const usePreference = <Name extends PreferenceName>(name: Name): Preferences[Name] => useStore(preferences, state => state[name])

export function prefer(change: Partial<Preferences>): void {
  preferences.set(state => ({ ...state, ...change }))
  try {
    localStorage.setItem(key, JSON.stringify(preferences.get()))
  } catch {
    // Then it holds for this page alone.
  }
}

/** What does not follow the store by itself: the density is a matter of style sheets, another tab has a store of its own, and letters are stopped before anything hears them. */
export function startPreferences(): void {
  const show = (): void => {
    document.documentElement.dataset['density'] = preferences.get().density
  }
  show()
  preferences.subscribe(show)
  window.addEventListener('storage', event => {
    if (event.key === key) preferences.set(load())
  })
  window.addEventListener('keydown', event => {
    if (preferences.get().letters === 'off' && isSingleLetter(event) && !isWriting(event.target)) event.stopImmediatePropagation()
  }, true)
}

const isSingleLetter = ({ key: pressed, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => pressed.length === 1 && pressed !== ' ' && !ctrlKey && !metaKey && !altKey

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null)
