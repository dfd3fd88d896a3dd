/** Bare connections. */
export interface Network {
  /** Opens a connection and closes it again. Null: it opened; else what the system said, as a kind, and the address that was tried (the host where there was none). */
  tryConnect(host: string, port: number, deadlineMilliseconds: number): Promise<{ readonly kind: 'refused' | 'name-unknown' | 'timeout' | 'unreachable'; readonly text: string; readonly address: string } | null>
}
