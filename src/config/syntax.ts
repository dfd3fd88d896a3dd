import { fail, ok, type Result } from '../kit/result.ts'

/** A place in a file; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A JSON value with the place where it begins. Members keep their order, and repeated ones are all there. */
export type Node = Place &
  (
    | { readonly kind: 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'list'; readonly items: readonly Node[] }
    | { readonly kind: 'object'; readonly members: readonly Member[] }
  )

export interface Member extends Place {
  readonly name: string
  readonly value: Node
}

export interface SyntaxFailure extends Place {
  readonly text: string
}

export interface Parsed {
  readonly root: Node
  /** Where something follows the first complete value; it is not read. Null when nothing does. */
  readonly rest: Place | null
}

const depthMax = 64 // deeper than any configuration, shallow enough for the stack

/** Reads JSON with comments (`#`, `//`, and slash-star to star-slash) outside of texts, and with a comma before a closing bracket. */
export function parseJson(text: string): Result<Parsed, SyntaxFailure> {
  try {
    const reader = new Reader(text.startsWith('\uFEFF') ? text.slice(1) : text)
    const root = reader.value(0)
    return ok({ root, rest: reader.restAfterValue() })
  } catch (error) {
    if (error instanceof SyntaxStop) return fail({ line: error.place.line, column: error.place.column, text: error.message })
    throw error
  }
}

/** Leaves the recursion at the first mistake; never escapes parseJson. */
class SyntaxStop extends Error {
  readonly place: Place
  constructor(place: Place, message: string) {
    super(message)
    this.place = place
  }
}

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

class Reader {
  readonly #text: string
  #at = 0
  #line = 1
  #lineBegin = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Node {
    this.#skip()
    const place = this.#place()
    const next = this.#text[this.#at]
    if (depth > depthMax) this.#stop(`nested more than ${depthMax} levels deep`)
    if (next === '{') return { ...place, kind: 'object', members: this.#members(depth) }
    if (next === '[') return { ...place, kind: 'list', items: this.#items(depth) }
    if (next === '"') return { ...place, kind: 'text', value: this.#string() }
    const word = /^[-+.\w]+/.exec(this.#text.slice(this.#at, this.#at + 64))?.[0] ?? ''
    if (word === 'null') return this.#take(word, { ...place, kind: 'null' })
    if (word === 'true' || word === 'false') return this.#take(word, { ...place, kind: 'boolean', value: word === 'true' })
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(word)) return this.#take(word, { ...place, kind: 'number', value: Number(word) })
    return this.#stop(`expected a value, found ${this.#found()}`)
  }

  restAfterValue(): Place | null {
    this.#skip()
    return this.#at < this.#text.length ? this.#place() : null
  }

  #members(depth: number): Member[] {
    const members: Member[] = []
    this.#at++
    for (;;) { // ends at the closing brace or at the first mistake; every turn moves on
      this.#skip()
      if (this.#text[this.#at] === '}') break
      const place = this.#place()
      if (this.#text[this.#at] !== '"') this.#stop(`expected a key in double quotes or }, found ${this.#found()}`)
      const name = this.#string()
      this.#skip()
      if (this.#text[this.#at] !== ':') this.#stop(`expected : after "${name}", found ${this.#found()}`)
      this.#at++
      members.push({ ...place, name, value: this.value(depth + 1) })
      this.#separator('}')
    }
    this.#at++
    return members
  }

  #items(depth: number): Node[] {
    const items: Node[] = []
    this.#at++
    for (;;) { // ends at the closing bracket or at the first mistake; every turn moves on
      this.#skip()
      if (this.#text[this.#at] === ']') break
      items.push(this.value(depth + 1))
      this.#separator(']')
    }
    this.#at++
    return items
  }

  #separator(closing: '}' | ']'): void {
    this.#skip()
    const next = this.#text[this.#at]
    if (next === ',') this.#at++
    else if (next !== closing) this.#stop(`expected , or ${closing}, found ${this.#found()}`)
  }

  #string(): string {
    const begin = this.#place()
    let value = ''
    this.#at++
    for (;;) { // ends at the closing quote, or at the end of the line or file as a mistake
      const next = this.#text[this.#at]
      if (next === undefined || next === '\n') throw new SyntaxStop(begin, 'this text has no closing quote on its line')
      this.#at++
      if (next === '"') return value
      if (next !== '\\') value += next
      else value += this.#escape()
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at] ?? ''
    this.#at++
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at, this.#at + 4)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#stop('expected four hexadecimal digits after \\u')
      this.#at += 4
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const meant = escapes[letter]
    if (meant === undefined) {
      this.#at -= 2
      return this.#stop(`\\${letter} is not an escape of JSON; write \\\\ for a backslash`)
    }
    return meant
  }

  /** Moves over blanks and comments. */
  #skip(): void {
    for (;;) { // ends at the first character that is neither
      const rest = this.#text[this.#at]
      if (rest !== undefined && /\s/.test(rest)) this.#at++
      else if (rest === '#' || this.#text.startsWith('//', this.#at)) this.#at = this.#indexOf('\n')
      else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2)
        if (end < 0) this.#stop('this comment has no end (*/)')
        this.#at = end + 2
      } else return
    }
  }

  #indexOf(sought: string): number {
    const index = this.#text.indexOf(sought, this.#at)
    return index < 0 ? this.#text.length : index
  }

  #take<Taken extends Node>(word: string, node: Taken): Taken {
    this.#at += word.length
    return node
  }

  #found(): string {
    const rest = this.#text.slice(this.#at, this.#at + 40)
    if (rest === '') return 'the end of the file'
    return JSON.stringify(/^[\w.+-]+/.exec(rest)?.[0] ?? rest[0])
  }

  #place(): Place {
    // Places are asked for in rising order, but for one step back at a bad escape, which is on the same line.
    for (let next = this.#text.indexOf('\n', this.#lineBegin); next >= 0 && next < this.#at; next = this.#text.indexOf('\n', this.#lineBegin)) {
      this.#line++
      this.#lineBegin = next + 1
    }
    return { line: this.#line, column: this.#at - this.#lineBegin + 1 }
  }

  #stop(message: string): never {
    throw new SyntaxStop(this.#place(), message)
  }
}
