import type { ClusterView } from '../../../src/contract/views.ts'
import { apiAddress, pagesPath } from '../api/address.ts'
import type { Mask } from './mask.ts'

/** This tab shows no names: kept for the tab, so that going from page to page keeps it, and begun by `anon=1` in an address. */
const stored = 'orchestrator-anonymous'
let mask: Mask | null = null

export const isAnonymous = (): boolean => mask !== null
/** What came from the program, as it is shown. */
export const hide = <Value>(value: Value): Value => (mask === null ? value : (mask.hide(value) as Value)) // of the same shape
/** What goes to the program, as it knows it. */
export const showIn = (value: unknown): unknown => (mask === null ? value : mask.showIn(value))
export const showInAddress = (address: string): string => (mask === null ? address : mask.showInAddress(address))

/** Before anything is asked for: an address with hidden names can be understood only by whoever knows all names. */
export async function startAnonymous(): Promise<void> {
  const asked = new URL(location.href).searchParams.get('anon')
  if (asked !== null) sessionStorage.setItem(stored, asked === '1' ? '1' : '')
  if (sessionStorage.getItem(stored) !== '1') return
  const { Mask: Made } = await import('./mask.ts')
  const made = new Made()
  const learn = async (path: string): Promise<void> => {
    const answer = await fetch(apiAddress(path), { headers: { accept: 'application/json' }, credentials: 'same-origin' })
    if (answer.ok) made.hide(await answer.json())
  }
  // Without an answer names are hidden as they come.
  await Promise.allSettled(['clusters', 'servers'].map(learn))
  mask = made
}

/** The page of this cluster again, without names. */
export async function hideNames(cluster: ClusterView): Promise<void> {
  const { Mask: Made } = await import('./mask.ts')
  const { alias, name } = new Made().hide(cluster) as ClusterView // of the same shape
  location.assign(`${pagesPath}cluster/${alias === '' || alias === name ? encodeURIComponent(name) : `alias/${encodeURIComponent(alias)}`}?anon=1`)
}

/** The same page with names. */
export function showNames(): void {
  const address = new URL(showInAddress(location.href))
  address.searchParams.set('anon', '0')
  location.assign(address)
}
