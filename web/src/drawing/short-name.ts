/** The part that all hosts have in common at the end, from a dot on: `.eu-west.example.com`; '' when there is none. It is shown once, not on every card. */
export function commonSuffix(hosts: readonly string[]): string {
  const first = hosts[0]
  if (first === undefined || hosts.length < 2 || hosts.every(host => /^[\d.:[\]a-f]+$/i.test(host))) return ''
  let suffix = first
  for (const host of hosts) while (!host.endsWith(suffix)) suffix = suffix.slice(1)
  const dot = suffix.indexOf('.')
  if (dot === -1) return ''
  const found = suffix.slice(dot)
  return hosts.some(host => host.length === found.length) ? '' : found
}

/** The port all keys share, or null. */
export function commonPort(keys: readonly string[]): string | null {
  const ports = new Set(keys.map(key => key.slice(key.lastIndexOf(':') + 1)))
  return ports.size === 1 ? ([...ports][0] ?? null) : null
}

/** Shortened in the middle: servers of a fleet differ at the end of their names. */
export function shortenMiddle(name: string, max: number): string {
  if (name.length <= max) return name
  const head = Math.floor((max - 1) / 3)
  return `${name.slice(0, head)}…${name.slice(name.length - (max - 1 - head))}`
}

/** The name of a server on its card: without what all servers share. Ports are left out only when the hosts differ. */
export function shortName(key: string, suffix: string, port: string | null): string {
  const colon = key.lastIndexOf(':')
  const host = key.slice(0, colon)
  const short = suffix !== '' && host.endsWith(suffix) ? host.slice(0, host.length - suffix.length) : host
  return key.slice(colon + 1) === port ? short : `${short}:${key.slice(colon + 1)}`
}
