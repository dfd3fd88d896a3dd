import { hostOf, type InstanceKey, portOf } from '../topology/instance-key.ts'

export interface Addresses {
  readonly ipv4: string | null
  readonly ipv6: string | null
}

/** `mysql/master///` → `mysql/master/`; `/` stays. */
export const keyPrefix = (prefix: string): string => `${prefix.replace(/\/+$/, '')}/`

/** What key-value stores say of a cluster, the key that most readers use first. A cluster without an alias has none. */
export function pairsOf(prefix: string, alias: string, primary: InstanceKey, { ipv4, ipv6 }: Addresses): readonly { readonly key: string; readonly value: string }[] {
  if (alias === '') return []
  const key = `${keyPrefix(prefix)}${alias}`
  return [
    { key, value: primary }, { key: `${key}/hostname`, value: hostOf(primary) }, { key: `${key}/port`, value: String(portOf(primary)) },
    { key: `${key}/ipv4`, value: ipv4 ?? '' }, { key: `${key}/ipv6`, value: ipv6 ?? '' },
  ]
}
