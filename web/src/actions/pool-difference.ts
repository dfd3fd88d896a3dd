/** What setting a pool would change: `unknown` are those that no known server is called by. */
export interface PoolDifference {
  readonly stays: readonly string[]
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly unknown: readonly string[]
}

/** Servers as they were written: one a line, or parted by commas or blanks; each once. */
export const serversIn = (text: string): readonly string[] => [...new Set(text.split(/[\s,;]+/).filter(word => word !== ''))]

/** `known`: keys of all known servers. A host alone means its server where it has only one; else it is as unknown as a strange one. */
export function poolDifference(before: readonly string[], asked: readonly string[], known: readonly string[]): PoolDifference {
  const keyOf = (word: string): string => {
    if (known.includes(word)) return word
    const ofHost = known.filter(key => key.slice(0, key.lastIndexOf(':')) === word)
    return ofHost.length === 1 ? (ofHost[0] ?? word) : word
  }
  const after = [...new Set(asked.map(keyOf))]
  return {
    stays: after.filter(key => before.includes(key)),
    added: after.filter(key => !before.includes(key)),
    removed: before.filter(key => !after.includes(key)),
    unknown: after.filter(key => !known.includes(key)),
  }
}
