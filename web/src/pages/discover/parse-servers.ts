/** One address a person gave, as `host:port`, or null when it is none. */
export interface NamedServer {
  readonly text: string
  readonly key: string | null
}

const portDefault = 3306
const namedMax = 500

/** Reads a pasted list: lines, commas, semicolons or spaces between; `host`, `host:port`, `[::1]:3306`. Each server once. */
export function parseServers(text: string): readonly NamedServer[] {
  const words = text
    .split(/[\s,;]+/)
    .filter(word => word !== '')
    .slice(0, namedMax)
  const named = words.map(word => ({ text: word, key: keyOf(word) }))
  const seen = new Set<string>()
  return named.filter(({ text: word, key }) => {
    const same = key ?? word
    return seen.has(same) ? false : (seen.add(same), true)
  })
}

function keyOf(word: string): string | null {
  const bracketed = /^\[([\da-f:.]+)\](?::(\d+))?$/i.exec(word)
  const plain = /^([^:[\]/@\s]+)(?::(\d+))?$/.exec(word)
  const match = bracketed ?? plain
  const host = match?.[1]
  if (host === undefined) return null
  const port = match?.[2] === undefined ? portDefault : Number(match[2])
  if (port < 1 || port > 65_535) return null
  return bracketed === null ? `${host}:${port}` : `[${host}]:${port}`
}
