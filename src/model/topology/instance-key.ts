import { fail, ok, type Result } from '../../kit/result.ts'

/** The identity of a server: `host:port` as one branded text, so that `Map` and `===` work. IPv6 hosts are kept without brackets. */
export type InstanceKey = string & { readonly __brand: 'InstanceKey' }

export const defaultInstancePort = 3306

/** Makes a key of parts that are known to be good (read from a server, a row, a parsed text). */
export function instanceKey(host: string, port: number): InstanceKey {
  return `${host}:${port}` as InstanceKey
}

export function hostOf(key: InstanceKey): string {
  return key.slice(0, key.lastIndexOf(':'))
}

export function portOf(key: InstanceKey): number {
  return Number(key.slice(key.lastIndexOf(':') + 1))
}

/** A key that can be probed: the host is a real name (not empty, not `_`, not detached with `//`) and the port is above 0. */
export function isValidKey(key: InstanceKey): boolean {
  const host = hostOf(key)
  return host !== '' && host !== '_' && !host.startsWith('//') && portOf(key) > 0
}

/** Keys order by host text, then by port number. */
export function compareKeys(left: InstanceKey, right: InstanceKey): number {
  const [leftHost, rightHost] = [hostOf(left), hostOf(right)]
  if (leftHost !== rightHost) return leftHost < rightHost ? -1 : 1
  return portOf(left) - portOf(right)
}

const ipv6Bare = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*$/
const ipv6Bracketed = /^\[([0-9a-fA-F:]+)\](?::(.*))?$/
const hostAndPort = /^([^:]*)(?::(.*))?$/

/**
 * Reads `host`, `host:port`, `[ipv6]:port` or a bare IPv6 address; a missing port is `defaultPort`.
 * The failure is the original's sentence (contract discovery.md, head).
 */
export function parseInstanceKey(text: string, defaultPort: number = defaultInstancePort): Result<InstanceKey, string> {
  const trimmed = text.trim()
  if (ipv6Bare.test(trimmed)) return ok(instanceKey(trimmed, defaultPort))
  const match = ipv6Bracketed.exec(trimmed) ?? hostAndPort.exec(trimmed)
  if (!match) return fail(`Cannot parse address: ${text}`)
  const [, host = '', portText] = match
  if (/[\s/?#@\\'"<>]/.test(host.replace(/^\/\//, ''))) return fail(`Cannot parse address: ${text}`)
  if (host === '') return fail('NewResolveInstanceKey: Empty hostname')
  if (portText === undefined) return ok(instanceKey(host, defaultPort))
  if (!/^\d+$/.test(portText) || Number(portText) > 65535) return fail(`Invalid port: ${portText}`)
  return ok(instanceKey(host, Number(portText)))
}
