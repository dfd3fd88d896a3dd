import { BlockList, isIP } from 'node:net'
import { fail, ok, type Result } from '../../kit/result.ts'

/** Whether an address may talk to us. */
export type Admission = (remoteAddress: string) => boolean

/** Addresses and networks in CIDR form; none: everybody. The failure is a sentence for the operator. */
export function admission(texts: readonly string[]): Result<Admission, string> {
  if (texts.length === 0) return ok(() => true)
  const list = new BlockList()
  for (const text of texts) {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
    const kind = isIP(address)
    const letters = kind === 4 ? 32 : 128
    if (kind === 0 || (bits !== undefined && Number(bits) > letters)) return fail(`AgentsAllowedAddresses: ${JSON.stringify(text)} is neither an address nor a network (address/bits)`)
    list.addSubnet(address, Number(bits ?? letters), kind === 4 ? 'ipv4' : 'ipv6')
  }
  // An IPv4 client of a socket that takes both has an IPv6 form of its address, which the list understands.
  return ok(remoteAddress => isIP(remoteAddress) !== 0 && list.check(remoteAddress, isIP(remoteAddress) === 4 ? 'ipv4' : 'ipv6'))
}
