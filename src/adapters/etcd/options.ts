import type { SecureContextOptions } from 'node:tls'

export interface EtcdOptions {
  /** Addresses with their scheme, as etcd advertises them to clients: `http://10.0.0.1:2379`. */
  readonly endpoints: readonly [string, ...string[]]
  /** Null: this etcd asks for no password. */
  readonly login: { readonly user: string; readonly password: string } | null
  /** Null: the machine's own authorities, and no certificate of ours. */
  readonly tls: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> | null
  readonly limits: EtcdLimits
}

export interface EtcdLimits {
  /** One member that says nothing for so long is passed over, and the next one is asked. */
  readonly attemptMilliseconds: number
  /** Before all members are asked again, when none could answer. */
  readonly againMilliseconds: number
  readonly answerBytesMax: number
  /** Kept open to one member. */
  readonly connectionsMax: number
  /** The longest line of a watch: its events up to then. */
  readonly watchLineBytesMax: number
}

export const usualEtcdLimits: EtcdLimits = {
  attemptMilliseconds: 500,
  againMilliseconds: 50,
  answerBytesMax: 16 * 1024 * 1024,
  connectionsMax: 8,
  watchLineBytesMax: 16 * 1024 * 1024,
}

/** The addresses in order, or which of them is none. */
export function etcdEndpoints(texts: readonly string[]): { readonly endpoints: readonly string[]; readonly wrong: string | null } {
  const endpoints = texts.map(text => text.trim().replace(/\/+$/, '')).filter(text => text !== '')
  const wrong = endpoints.find(text => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url === null || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== ''
  })
  return { endpoints, wrong: wrong ?? null }
}
