import { useSyncExternalStore } from 'react'

/** A value outside of React that components can follow. */
export interface Store<Value> {
  get(): Value
  set(change: Value | ((value: Value) => Value)): void
  subscribe(listener: () => void): () => void
}

export function makeStore<Value extends object>(initial: Value): Store<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(change) {
      const next = typeof change === 'function' ? change(value) : change
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Follows what `select` picks; the component is drawn again only when that changes by identity, so select plain values. */
export const useStore = <Value, Picked>(store: Store<Value>, select: (value: Value) => Picked): Picked =>
  useSyncExternalStore(store.subscribe, () => select(store.get()))
