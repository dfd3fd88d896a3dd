import { goPattern } from '../kit/go-pattern.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { unreachable } from '../kit/unreachable.ts'
import { parseInstanceKey } from '../model/topology/instance-key.ts'
import type { Form, KeyFacts, Value, ValueType } from './key.ts'
import type { Node } from './syntax.ts'

/** `null` leaves a single value as it is and empties a list or map. */
export type ReadValue = { readonly given: true; readonly value: Value } | { readonly given: false }

const wording: Readonly<Record<ValueType, string>> = {
  boolean: 'true or false', text: 'a text', integer: 'a whole number', unsigned: 'a whole number, 0 or more', number: 'a number',
  texts: 'a list of texts', map: 'an object of texts',
}

/** Checks a value against what is known of its key. The failure says the value and the rule, without the key; a secret value is not repeated. */
export function readValue(node: Node, facts: KeyFacts): Result<ReadValue, string> {
  const typed = ofType(node, facts.type)
  if (typed === undefined) return fail(`${shown(node, facts)} is not ${wording[facts.type]}`)
  if (!typed.given) return ok(typed)
  const broken = brokenRange(typed.value, facts) ?? brokenForm(typed.value, facts)
  return broken === null ? ok(typed) : fail(broken)
}

const given = (value: Value): ReadValue => ({ given: true, value })

/** Undefined: the value is of another type. Nothing is converted: `"5"` is not a number. */
function ofType(node: Node, type: ValueType): ReadValue | undefined {
  if (node.kind === 'null') return type === 'texts' ? given([]) : type === 'map' ? given({}) : { given: false }
  switch (type) {
    case 'boolean':
      return node.kind === 'boolean' ? given(node.value) : undefined
    case 'text':
      return node.kind === 'text' ? given(node.value) : undefined
    case 'number':
      return node.kind === 'number' && Number.isFinite(node.value) ? given(node.value) : undefined
    case 'integer':
      return node.kind === 'number' && Number.isSafeInteger(node.value) ? given(node.value) : undefined
    case 'unsigned':
      return node.kind === 'number' && Number.isSafeInteger(node.value) && node.value >= 0 ? given(node.value) : undefined
    case 'texts':
      return listOfTexts(node)
    case 'map':
      return mapOfTexts(node)
    default:
      return unreachable(type)
  }
}

function listOfTexts(node: Node): ReadValue | undefined {
  if (node.kind !== 'list') return undefined
  const texts: string[] = []
  for (const item of node.items) {
    if (item.kind !== 'text') return undefined
    texts.push(item.value)
  }
  return given(Object.freeze(texts))
}

function mapOfTexts(node: Node): ReadValue | undefined {
  if (node.kind !== 'object') return undefined
  const map: Record<string, string> = {}
  for (const { name, value } of node.members) {
    if (value.kind !== 'text') return undefined
    map[name] = value.value
  }
  return given(Object.freeze(map))
}

function brokenRange(value: Value, { atLeast, atMost }: KeyFacts): string | null {
  if (typeof value !== 'number') return null
  if (atLeast !== undefined && value < atLeast) return `${value} is less than ${atLeast}, the least allowed`
  if (atMost !== undefined && value > atMost) return `${value} is more than ${atMost}, the most allowed`
  return null
}

function brokenForm(value: Value, { form }: KeyFacts): string | null {
  if (form === undefined || typeof value === 'boolean' || typeof value === 'number') return null
  const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly string[]) : Object.keys(value) // a map's keys
  for (const text of texts) {
    const broken = forms[form](text)
    if (broken !== null) return `${JSON.stringify(text)} ${broken}`
  }
  return null
}

/** What is wrong with a text of each form; null when nothing is. */
const forms: Readonly<Record<Form, (text: string) => string | null>> = {
  pattern: brokenPattern,
  'cluster-filter': text => {
    if (text === '*' || text.startsWith('alias=')) return null
    return brokenPattern(text.replace(/^alias~=/, ''))
  },
  instance: text => {
    const key = parseInstanceKey(text)
    return key.ok ? null : `is not host:port (${key.failure})`
  },
  'listen-address': text => {
    const port = /^(?:\[[0-9a-fA-F:.]*\]|[^:\s]*):(\d{1,5})$/.exec(text)?.[1]
    return text === '' || (port !== undefined && Number(port) <= 65535) ? null : 'is not an address to listen on: host:port, or :port for every interface'
  },
  backend: text => (text === '' || text === 'mysql' || text.includes('sqlite') ? null : 'is neither mysql nor sqlite'),
}

function brokenPattern(text: string): string | null {
  const pattern = goPattern(text)
  return pattern.ok ? null : `is not a regular expression that compiles (${pattern.failure})`
}

/** The value as it stands in the file, cut to a readable length. */
function shown(node: Node, facts: KeyFacts): string {
  if (facts.secret) return 'the value (not shown)'
  const text = plain(node)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function plain(node: Node): string {
  switch (node.kind) {
    case 'null':
      return 'null'
    case 'list':
      return `[${node.items.map(plain).join(', ')}]`
    case 'object':
      return `{${node.members.map(({ name, value }) => `${JSON.stringify(name)}: ${plain(value)}`).join(', ')}}`
    default:
      return JSON.stringify(node.value)
  }
}
