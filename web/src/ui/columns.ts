import { useState } from 'react'

export interface Columns<Name extends string> {
  readonly all: readonly Name[]
  /** In the order of `all`. */
  readonly shown: readonly Name[]
  toggle(name: Name): void
}

/** What was kept, as far as there still are such columns; nothing readable: the standard ones. */
export function chosenColumns<Name extends string>(kept: string | null, all: readonly Name[], standard: readonly Name[]): readonly Name[] {
  if (kept === null) return standard
  const names = new Set(kept.split(','))
  return all.filter(name => names.has(name))
}

/** Which columns a table shows: chosen by the person, kept in this browser. */
export function useColumns<Name extends string>(place: string, all: readonly Name[], standard: readonly Name[]): Columns<Name> {
  const key = `orchestrator-columns-${place}`
  const [shown, setShown] = useState(() => chosenColumns(localStorage.getItem(key), all, standard))
  return {
    all,
    shown,
    toggle(name) {
      const next = all.filter(each => (each === name ? !shown.includes(each) : shown.includes(each)))
      localStorage.setItem(key, next.join(','))
      setShown(next)
    },
  }
}
