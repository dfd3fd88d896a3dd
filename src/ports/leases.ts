/** A process as it signs the store. */
export interface LeaseHolder {
  readonly hostname: string
  readonly token: string
}

/**
 * Who may change the servers of a cluster in a recovery: one process at a time, among all that share the store. Each taking has a larger number than the
 * one before it; who holds an older number has been replaced, whether it noticed or not.
 */
export interface LeaseStore {
  /** Other machines may share this store: while it cannot be asked, a lease may be somebody else's by now. */
  readonly isShared: boolean
  /** Taken when it is free, one's own, or its holder has given no sign of life for 3 s. */
  take(clusterName: string, holder: LeaseHolder): Promise<{ readonly number: number } | { readonly heldBy: LeaseHolder }>
  /** Whether the number is still the newest and this process's own. */
  isHeld(clusterName: string, holder: LeaseHolder, number: number): Promise<boolean>
  /** Nothing happens when it is somebody else's by now. */
  release(clusterName: string, holder: LeaseHolder, number: number): Promise<void>
}
