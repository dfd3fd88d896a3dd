import type { OperationInput } from '../api/client.ts'

/** What of a plan stands in an address: which operation, and what it is given. Never words: an address must not speak for the program. */
export interface PlanSearch {
  readonly operation: string
  readonly input: OperationInput
}

const names = /^[a-zA-Z]{1,40}$/
const valueLengthMax = 500
const inputsMax = 8

/** Reads it from an address; null: it is none. */
export function readPlanSearch(search: Readonly<Record<string, unknown>>): PlanSearch | null {
  const { operation, input } = search
  if (typeof operation !== 'string' || typeof input !== 'object' || input === null) return null
  const entries = Object.entries(input as Readonly<Record<string, unknown>>)
  const isPlain = ([name, value]: readonly [string, unknown]): boolean =>
    names.test(name) && (typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= valueLengthMax))
  if (entries.length > inputsMax || !entries.every(isPlain)) return null
  return { operation, input: input as OperationInput } // each member was just looked at
}
