import type { LabelsOf, MeasureName } from '../../contract/measures.ts'

/** Whoever keeps what is measured. */
export interface Measures {
  /** One more of a counter, or one value of a histogram. */
  note<Name extends MeasureName>(name: Name, labels: LabelsOf<Name>, value: number): void
}

/** How much there is now. */
export interface Level {
  readonly name: MeasureName
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export const level = <Name extends MeasureName>(name: Name, labels: LabelsOf<Name>, value: number): Level => ({ name, labels, value })
