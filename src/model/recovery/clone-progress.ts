/** How far a server is that replaces its data by those of a donor. */
export interface CloneProgress {
  /** `Not Started`, `In Progress`, `Completed`, `Failed`; `None` where it never was cloned. */
  readonly state: string
  readonly donor: string
  readonly error: string
  readonly stages: readonly { readonly stage: string; readonly state: string; readonly bytesEstimated: number; readonly bytesDone: number }[]
}
