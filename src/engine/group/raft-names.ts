import type { MemberId } from '../../model/raft/types.ts'

/** A member is a name, the advertised `host:port`, and the disk on which it promised: a new disk under the old name is a new member. */
export const memberOf = (name: string, disk: string): MemberId => `${name}#${disk}` as MemberId // this is where ids come from

export const nameOf = (member: MemberId): string => member.slice(0, member.lastIndexOf('#'))

/** `host`, `host:port`, `address`, `[address]:port` → `host:port`, with the port that is meant where none is given. */
export function memberName(given: string, defaultPort: number): string {
  const text = given.trim()
  if (/^\[.*\]$/.test(text)) return `${text}:${defaultPort}`
  const colons = text.split(':').length - 1
  if (colons > 1 && !text.startsWith('[')) return `[${text}]:${defaultPort}` // an IPv6 address without a port
  return colons === 0 ? `${text}:${defaultPort}` : text
}

/** Whether a member can be called so: `host:port` or `[address]:port`. */
export function isMemberName(name: string): boolean {
  const port = /^(?:\[[\w:.%]+\]|[\w.-]+):(\d{1,5})$/.exec(name)?.[1]
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65535
}
