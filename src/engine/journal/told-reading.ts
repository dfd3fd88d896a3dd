import { bareInstance } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { isValidKey } from '../../model/topology/instance-key.ts'
import type { Json } from '../../ports/group.ts'

/** What one manager read of a server, as plain JSON that travels to the others. Whole numbers that JSON would round are digits under a name of their own. */
export function plainReading(instance: Instance): Json {
  return JSON.parse(JSON.stringify(instance, (_, value: unknown) => (typeof value === 'bigint' ? { [digits]: String(value) } : value))) as Json // what was just written
}

/** Null: no reading that this version can use; the server is then read by oneself. */
export function readingFromPlain(told: Json): Instance | null {
  const given: unknown = JSON.parse(JSON.stringify(told), (_, value: unknown) => (isDigits(value) ? BigInt(value[digits]) : value))
  if (typeof given !== 'object' || given === null || !('key' in given) || typeof given.key !== 'string') return null
  const key = given.key as Instance['key'] // looked at next
  return isValidKey(key) && hasShapeOf(given, bareInstance(key)) ? given as Instance : null // every part is there
}

const digits = '$digits'

const isDigits = (value: unknown): value is { readonly [digits]: string } => typeof value === 'object' && value !== null && digits in value && typeof value[digits] === 'string'

/** Every part of the pattern, down to the last, but for what the pattern leaves empty. */
function hasShapeOf(given: unknown, pattern: unknown): boolean {
  if (pattern === null) return given !== undefined
  if (Array.isArray(pattern)) return Array.isArray(given)
  if (typeof pattern !== 'object') return typeof given === typeof pattern
  return typeof given === 'object' && given !== null && Object.entries(pattern).every(([name, part]) => name in given && hasShapeOf(given[name as keyof typeof given], part)) // it has the name
}
