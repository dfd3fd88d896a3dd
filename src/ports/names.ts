/** Names of hosts. */
export interface Names {
  /** Canonical name of a host; the host itself when the resolver does not know better. Failures are the caller's to decide: rejected promise with the resolver's code. */
  canonicalName(host: string): Promise<string>
  addresses(host: string): Promise<{ readonly ipv4: string | null; readonly ipv6: string | null }>
}
