import { formerKeys } from './former-keys.ts'
import type { KeyFacts } from './key.ts'
import { legacyKeys } from './legacy-keys.ts'
import { ownKeys } from './own-keys.ts'

/** Every setting that has a value: the original's and our own. */
export const keys = { ...formerKeys, ...ownKeys }

export type SettingKey = keyof typeof keys

/** The same table for code that goes through all of them. */
export const keyList: readonly (readonly [SettingKey, KeyFacts])[] =
  Object.entries(keys) as [SettingKey, KeyFacts][] // Object.entries forgets the names of the keys

const byFolded: ReadonlyMap<string, SettingKey> = new Map(keyList.map(([key]) => [key.toLowerCase(), key]))
const legacyByFolded: ReadonlyMap<string, string> = new Map(Object.keys(legacyKeys).map(key => [key.toLowerCase(), key]))

/** A key as it may be spelt in a file: letter case does not count. */
export type Lookup =
  | { readonly found: 'setting'; readonly key: SettingKey; readonly facts: KeyFacts }
  | { readonly found: 'legacy'; readonly key: string; readonly says: string }
  | { readonly found: 'nothing'; readonly nearest: SettingKey | null }

export function lookUpKey(written: string): Lookup {
  const folded = written.toLowerCase()
  const key = byFolded.get(folded)
  if (key !== undefined) return { found: 'setting', key, facts: keys[key] }
  const legacy = legacyByFolded.get(folded)
  if (legacy !== undefined) return { found: 'legacy', key: legacy, says: legacyKeys[legacy] ?? '' }
  return { found: 'nothing', nearest: nearestKey(folded) }
}

/** The known key with the fewest differing letters, when they are few enough to be a slip of the pen. */
function nearestKey(folded: string): SettingKey | null {
  let nearest: SettingKey | null = null
  let least = Math.max(2, Math.floor(folded.length / 4)) + 1
  for (const [key] of keyList) {
    if (Math.abs(key.length - folded.length) >= least) continue
    const distance = editDistance(folded, key.toLowerCase())
    if (distance < least) [nearest, least] = [key, distance]
  }
  return nearest
}

/** Number of letters to insert, delete or replace to make one text of the other (Levenshtein). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
