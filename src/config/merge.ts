import type { KeyFacts, Value } from './key.ts'
import { lookUpKey, type SettingKey } from './keys.ts'
import type { Problem } from './problem.ts'
import { readValue } from './read-value.ts'
import type { Draft } from './settings.ts'
import type { Member, Node } from './syntax.ts'

/** What one file did to the draft. */
export interface Merged {
  /** Keys that the file gives a value. */
  readonly given: ReadonlySet<SettingKey>
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/**
 * Puts the members of one file into the draft. A list replaces the one before, maps are merged by key; of several spellings of a key
 * the last wins. All that is wrong is reported at once; a draft with problems is not to be used.
 */
export function mergeFile(draft: Draft, root: Node, file: string): Merged {
  const given = new Map<SettingKey, Member>()
  const problems: Problem[] = []
  const warnings: Problem[] = []
  if (root.kind !== 'object') {
    problems.push({ file, line: root.line, column: root.column, key: null, says: 'expected an object: { "Key": value, … }' })
    return { given: new Set(), problems, warnings }
  }
  for (const member of root.members) {
    const about = (key: string, says: string): Problem => ({ file, line: member.line, column: member.column, key, says })
    const found = lookUpKey(member.name)
    switch (found.found) {
      case 'nothing':
        warnings.push(about(member.name, `unknown key ${member.name}${found.nearest === null ? '' : `; did you mean ${found.nearest}?`}`))
        break
      case 'legacy':
        warnings.push(about(found.key, `${found.key} has no effect. ${found.says}`))
        break
      case 'setting': {
        const before = given.get(found.key)
        if (before !== undefined) warnings.push(about(found.key, `${found.key} is given twice; this value counts, not the one in line ${before.line}`))
        given.set(found.key, member)
        const read = readValue(member.value, found.facts)
        if (!read.ok) {
          problems.push({ file, line: member.value.line, column: member.value.column, key: found.key, says: `${found.key}: ${read.failure}` })
          break
        }
        if (!read.value.given) break
        put(draft, found.key, read.value.value)
        warnings.push(...notes(found.key, found.facts, read.value.value).map(says => about(found.key, says)))
        break
      }
    }
  }
  return { given: new Set(given.keys()), problems, warnings }
}

function put(draft: Draft, key: SettingKey, value: Value): void {
  const before = draft[key]
  const isMap = (some: Value): some is Readonly<Record<string, string>> => typeof some === 'object' && !Array.isArray(some)
  const merged = isMap(value) && isMap(before) && Object.keys(value).length > 0 ? Object.freeze({ ...before, ...value }) : value
  Object.assign(draft, { [key]: merged }) // readValue has checked the type that the table gives this key
}

/** What loads, as it always has, but is hardly meant. */
function notes(key: SettingKey, facts: KeyFacts, value: Value): string[] {
  const found: string[] = []
  if (facts.unused === true) found.push(`${key} has no effect. ${facts.says}`)
  if (facts.known !== undefined && typeof value === 'string' && !facts.known.some(word => word.toLowerCase() === value.toLowerCase())) {
    found.push(`${key}: ${JSON.stringify(value)} is none of the known words (${facts.known.map(word => JSON.stringify(word)).join(', ')})`)
  }
  return found
}
