/** Which family of servers one is; it decides the dialect together with the numbers, never the text. */
export type Flavour = 'MySQL' | 'Percona' | 'MariaDB' | 'MaxScale'

/** A server's version as numbers; `text` is `@@global.version` as it stands (`Unknown` for a server never read). */
export interface ServerVersion {
  readonly text: string
  readonly comment: string
  readonly flavour: Flavour
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** Reads `@@global.version` and `@@global.version_comment`. A part that is not a number counts as 0. */
export function parseVersion(text: string, comment: string): ServerVersion {
  const flavour: Flavour = /mariadb/i.test(text) ? 'MariaDB' : /maxscale/i.test(text) ? 'MaxScale' : /percona/i.test(comment) ? 'Percona' : 'MySQL'
  const parts = text.split('.')
  const number = (part: string | undefined): number => Number(/^\d+/.exec(part ?? '')?.[0] ?? 0)
  const few = parts.length < 2
  return { text, comment, flavour, major: few ? 0 : number(parts[0]), minor: few ? 0 : number(parts[1]), patch: few ? 0 : number(parts[2]) }
}

export const unknownVersion: ServerVersion = parseVersion('Unknown', '')

/** True when the numbers are `major.minor.patch` or later, whatever the flavour. */
export function isAtLeast(version: ServerVersion, major: number, minor: number, patch = 0): boolean {
  if (version.major !== major) return version.major > major
  if (version.minor !== minor) return version.minor > minor
  return version.patch >= patch
}

/** Negative, zero or positive: the first two numbers only, which is what replication rules call the major version. */
export function compareMajorVersions(left: ServerVersion, right: ServerVersion): number {
  return left.major - right.major || left.minor - right.minor
}

export const majorVersionText = (version: ServerVersion): string => `${version.major}.${version.minor}`
