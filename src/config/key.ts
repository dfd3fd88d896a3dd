/** How a value is written in the file, and which TypeScript type it becomes. */
export interface ValueTypes {
  readonly boolean: boolean
  readonly text: string
  /** A whole number. */
  readonly integer: number
  /** A whole number, 0 or more. */
  readonly unsigned: number
  readonly number: number
  readonly texts: readonly string[]
  readonly map: Readonly<Record<string, string>>
}

export type ValueType = keyof ValueTypes
export type Value = ValueTypes[ValueType]

/** What the text of a value must look like, beyond its type; read-value.ts checks it. For a list: each entry. For a map: each key. */
export type Form = 'pattern' | 'cluster-filter' | 'instance' | 'listen-address' | 'backend'

/** One public setting: all that is known of it. */
export interface KeyFacts {
  readonly type: ValueType
  readonly default: Value
  readonly group: string
  /** One sentence of meaning, unit included. */
  readonly says: string
  readonly unit?: 'milliseconds' | 'seconds' | 'minutes' | 'hours' | 'days'
  readonly form?: Form
  readonly atLeast?: number
  readonly atMost?: number
  /** Words with a meaning (in any case); another word loads with a warning, as it always has. */
  readonly known?: readonly string[]
  /** What is checked beyond type, form and range, in words. */
  readonly rule?: string
  /** Never shown. */
  readonly secret?: true
  /** The key that this one is an older name of. */
  readonly synonymOf?: string
  /** Accepted, and read by nothing in the original either. */
  readonly unused?: true
}
