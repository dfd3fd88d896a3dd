import { fail, ok, type Result } from '../../kit/result.ts'

/** What is asked of a tag: its name, perhaps its value, perhaps that a server has it not. */
export interface TagAsked {
  readonly name: string
  /** Null: no value was given; '' is a value. */
  readonly value: string | null
  readonly isNegated: boolean
}

/** `name`, `name=value`, and either with `~` or `!` in front; the failure is the original's sentence (contract discovery.md 15). */
export function parseTag(text: string): Result<TagAsked, string> {
  const [, negation, name, , value] = /^([~!]?)([^=]+)(=([^]*))?$/.exec(text.trim()) ?? []
  return name === undefined ? fail(`Unable to parse tag: ${text.trim()}`) : ok({ name, value: value ?? null, isNegated: negation !== '' })
}

/** Several, parted by commas, all of which must hold. */
export function parseTags(text: string): Result<readonly TagAsked[], string> {
  const all: TagAsked[] = []
  for (const part of text.trim().split(',')) {
    const tag = parseTag(part)
    if (!tag.ok) return tag
    all.push(tag.value)
  }
  return ok(all)
}

/** Whether a server with these tags is meant. A server without any tag never is, not even by one that it has not. */
export function hasTags(tags: readonly { readonly name: string; readonly value: string }[], asked: readonly TagAsked[]): boolean {
  if (tags.length === 0) return false
  return asked.every(({ name, value, isNegated }) => tags.some(tag => tag.name === name && (value === null || tag.value === value)) !== isNegated)
}
