import type { LeaseHolder } from './leases.ts'

/** Who acts, as the rows of a shared database say it at this moment. All times are by the database's own clock. */
export interface ElectionStanding {
  /** This process has the office, and nobody else may still believe that he has it. */
  readonly isActive: boolean
  /** The office is this process's, but a former holder that did not agree to it may not have noticed yet. */
  readonly isWaiting: boolean
  /** Grows with each taking by a process of this program. */
  readonly term: number
  /** Whose the office is; null: nobody's. */
  readonly active: ActiveNode | null
}

export interface ActiveNode extends LeaseHolder {
  readonly firstSeenAt: number | null
  readonly lastSeenAt: number | null
  /** Since it was renewed. */
  readonly silentMilliseconds: number
}

/**
 * One of the processes that share a database acts for all: whoever has the row of `active_node`, which anybody can read, and the original's processes too.
 * Beside it stand a number that grows with each taking, and the renewal to the millisecond, so that a dead process of this program is replaced sooner than
 * one of the original, whose renewals are whole seconds.
 */
export interface ElectionStore {
  /** Other machines may share this database. */
  readonly isShared: boolean
  /** A process of this program that has not renewed for so long may be replaced. It has to give up by its own clock before that. */
  readonly leaseMilliseconds: number
  read(self: LeaseHolder): Promise<ElectionStanding>
  /** Renews what is one's own, and takes what is nobody's or was not renewed for too long. */
  stand(self: LeaseHolder): Promise<ElectionStanding>
  /** Takes it, whoever has it. Until that one has noticed, or has to have given up, nobody is active. */
  grab(self: LeaseHolder): Promise<ElectionStanding>
  /** It is nobody's from now on. Whoever has it notices with its next renewal. */
  vacate(): Promise<void>
  /** Gives one's own office to another process, which finds out when it next stands; false: it is not one's own. */
  give(self: LeaseHolder, to: LeaseHolder): Promise<boolean>
  /** This process has noticed that it lost the office: whoever has it need not wait any longer. */
  acknowledge(self: LeaseHolder): Promise<void>
}
