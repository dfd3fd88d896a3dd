import { lookup, resolveCname } from 'node:dns/promises'
import type { Names } from '../../ports/names.ts'

/** Links of a chain of CNAME records that are followed; a longer chain is a loop or a mistake. */
const chainMax = 8

/** Host names by the system's resolver (addresses, `/etc/hosts` included) and by DNS (canonical names). */
export const systemNames: Names = {
  async canonicalName(host) {
    let name = host
    for (let link = 0; link < chainMax; link++) {
      const next = await aliasTarget(name)
      if (next === null) break
      name = next
    }
    await lookup(name) // a name nobody knows is the caller's to decide: rejects with the resolver's code
    return name.replace(/\.$/, '')
  },

  async addresses(host) {
    const found = await lookup(host, { all: true })
    const first = (family: number): string | null => found.find(address => address.family === family)?.address ?? null
    return { ipv4: first(4), ipv6: first(6) }
  },
}

/** The name a CNAME record points to; null when there is none, or no name server to ask (the system's resolver then has the last word). */
async function aliasTarget(name: string): Promise<string | null> {
  try {
    return (await resolveCname(name))[0] ?? null
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && noAlias.has(error.code)) return null
    throw error
  }
}

const noAlias: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND', 'ECONNREFUSED', 'ESERVFAIL', 'ETIMEOUT', 'EBADNAME', 'EREFUSED', 'ENOTIMP'])
