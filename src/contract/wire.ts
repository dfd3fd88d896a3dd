/**
 * How values travel as JSON: compact, `<`, `>`, `&` escaped as the original does (contract http-api.md 1), and whole numbers above 2^53 with all
 * their digits. The model's `bigint`s are read back by the names of the members that carry them.
 */

/** A number whose text is put into the JSON as it stands. */
interface RawNumber {
  readonly rawJSON: string
}
// V8's JSON.rawJSON is not in TypeScript's library yet.
const rawNumber = (text: string): RawNumber => (JSON as unknown as { rawJSON(text: string): RawNumber }).rawJSON(text)

/** A value that JSON.stringify writes as exactly this whole number. */
export const wholeNumber = (value: bigint): number | RawNumber => {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : rawNumber(value.toString())
}

const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' }
const escaped = (json: string): string => (/[<>&\u2028\u2029]/.test(json) ? json.replace(/[<>&\u2028\u2029]/g, character => escapes[character] ?? character) : json)

/** JSON of a value without `bigint`s; quicker than `toJson`. */
export const plainJson = (value: unknown): string => escaped(JSON.stringify(value))

/** JSON of a value of the model. */
export const toJson = (value: unknown): string => escaped(JSON.stringify(value, (_name, member: unknown) => (typeof member === 'bigint' ? wholeNumber(member) : member)) ?? 'null')

/** Members of the model whose values are `bigint`. */
const bigMembers: ReadonlySet<string> = new Set(['position', 'timeoutMilliseconds'])

/** Reads what `toJson` wrote; the caller says what it is. */
export function fromJson(text: string): unknown {
  const revive = (name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && bigMembers.has(name) && /^\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? 0) : value
  return JSON.parse(text, revive)
}
