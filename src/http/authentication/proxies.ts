import { BlockList, isIP } from 'node:net'

/** Whether a request comes from a proxy whose word on the user counts. None named: every address does, as with the original. */
export function isTrustedProxy(trusted: readonly string[], address: string): boolean {
  if (trusted.length === 0) return true
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  const family = isIP(plain)
  return family !== 0 && listOf(trusted).check(plain, family === 6 ? 'ipv6' : 'ipv4')
}

/** Null: each is an address, or a network as 10.0.0.0/8; else the first that is not. */
export const wrongProxy = (texts: readonly string[]): string | null => texts.find(text => partsOf(text) === null) ?? null

const lists = new WeakMap<readonly string[], BlockList>()

function listOf(texts: readonly string[]): BlockList {
  const known = lists.get(texts)
  if (known !== undefined) return known
  const list = new BlockList()
  for (const text of texts) {
    const parts = partsOf(text)
    if (parts === null) continue
    if (parts.bits === null) list.addAddress(parts.address, parts.family)
    else list.addSubnet(parts.address, parts.bits, parts.family)
  }
  lists.set(texts, list)
  return list
}

function partsOf(text: string): { readonly address: string; readonly bits: number | null; readonly family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  if (family === 0 || (bits !== undefined && Number(bits) > (family === 4 ? 32 : 128))) return null
  return { address, bits: bits === undefined ? null : Number(bits), family: family === 6 ? 'ipv6' : 'ipv4' }
}
