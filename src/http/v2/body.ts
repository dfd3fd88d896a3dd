import { fail, ok, type Result } from '../../kit/result.ts'
import type { RawInput, RawValue } from '../../engine/operations/read-input.ts'
import type { Request } from '../exchange.ts'

export type Members = Readonly<Record<string, unknown>>

/** The JSON object of a body; an empty body is an empty object. The failure says what is wrong with it. */
export async function members(request: Request): Promise<Result<Members, string>> {
  const text = await request.body()
  if (text.trim() === '') return ok({})
  try {
    const value: unknown = JSON.parse(text)
    return isMembers(value) ? ok(value) : fail('a JSON object is expected')
  } catch (error) {
    if (error instanceof SyntaxError) return fail(error.message)
    throw error
  }
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Inputs of an operation: texts, numbers and booleans by name. */
export function inputOf(value: unknown): Result<RawInput, string> {
  if (value === undefined) return ok({})
  if (!isMembers(value)) return fail('input must be an object')
  const input: Record<string, RawValue> = {}
  for (const [name, member] of Object.entries(value)) {
    if (member === null || member === undefined) continue
    if (typeof member !== 'string' && typeof member !== 'number' && typeof member !== 'boolean') return fail(`input.${name} must be a text, a number or a boolean`)
    input[name] = member
  }
  return ok(input)
}
