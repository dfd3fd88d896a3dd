import type { Result } from '../kit/result.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** A key of a key-value store and what stands there. */
export interface Pair {
  readonly key: string
  readonly value: string
}

/** Who takes the writes of a cluster, as the world outside is told. */
export interface WriterEntry {
  readonly clusterName: string
  readonly alias: string
  readonly primary: InstanceKey
  /** Whom it replaced; null: nobody that is known. */
  readonly former: InstanceKey | null
  readonly pairs: readonly Pair[]
}

/** A place outside that is told who takes writes. No method throws for what the place or the network did; the failure is a sentence. */
export interface PublicationTarget {
  readonly name: string
  /** Makes the place say this, at once where it can. */
  publish(entry: WriterEntry, deadlineMilliseconds: number): Promise<Result<null, string>>
  /** Does it say exactly this? */
  says(entry: WriterEntry, deadlineMilliseconds: number): Promise<Result<boolean, string>>
}

/** What came of telling one place. */
export interface PlaceOutcome {
  readonly target: string
  /** Null: it was told, and was read to say so. */
  readonly failure: string | null
  readonly milliseconds: number
}

/** Tells all places about a new writer; what fails now is tried again behind. */
export interface Publication {
  publish(writer: Omit<WriterEntry, 'pairs'>): Promise<readonly PlaceOutcome[]>
}
