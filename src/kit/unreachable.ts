/** Ends a switch over a tagged union: a case that was forgotten does not compile, and throws if data lied. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`)
}
