/**
 * Puts values in the place of `{placeholders}` of a shell command so that no value can become code: each is escaped for the quoting in which its
 * placeholder stands. A value of plain characters stays as it is, everywhere. Where the quoting cannot be told for certain (back-quotes,
 * here-documents, arithmetic, `$'…'`, `${…}`, `case … esac`, right after a `$`) every other character than plain ones and blanks becomes `_`;
 * the environment then still has the exact value. What a command hands on to be evaluated again (`eval`, `ssh host "…"`) is out of reach.
 * Unknown placeholders stay. Source: POSIX shell, "Token Recognition" and "Quoting"; Bash manual, "Shell Expansions".
 */
export function fillCommand(template: string, values: ReadonlyMap<string, string>): string {
  const scan: Scan = { frames: ['bare'], isLost: /\bcase\b[^]*\besac\b/.test(template), isEscaped: false, afterDollar: false, atWordStart: true }
  let out = ''
  let at = 0
  while (at < template.length) {
    const placeholder = placeholderAt(template, at, values)
    if (placeholder !== null) {
      out += quoted(placeholder.value, scan)
      if (placeholder.value !== '') Object.assign(scan, { isEscaped: false, afterDollar: false, atWordStart: false })
      at += placeholder.length
    } else {
      const length = advance(template, at, scan)
      out += template.slice(at, at + length)
      at += length
    }
  }
  return out
}

/** `nested` is bare text inside of parentheses, `$(…)` too. */
type Frame = 'bare' | 'nested' | 'single' | 'double' | 'braces' | 'comment'

interface Scan {
  readonly frames: Frame[]
  /** The quoting is no longer known, from here to the end. */
  isLost: boolean
  /** An active backslash stands right before. */
  isEscaped: boolean
  /** An active dollar stands right before. */
  afterDollar: boolean
  atWordStart: boolean
}

const top = (scan: Scan): Frame => scan.frames[scan.frames.length - 1] ?? 'bare'

function placeholderAt(template: string, at: number, values: ReadonlyMap<string, string>): { readonly value: string; readonly length: number } | null {
  if (template[at] !== '{') return null
  const end = template.indexOf('}', at)
  const value = end < 0 ? undefined : values.get(template.slice(at + 1, end))
  return value === undefined ? null : { value: value.replaceAll('\0', ''), length: end + 1 - at }
}

/** Reads one character of the template (or two that belong together), and answers how many. */
function advance(template: string, at: number, scan: Scan): number {
  const character = template[at] ?? ''
  const frame = top(scan)
  if (frame === 'single' || frame === 'comment') {
    if (character === (frame === 'single' ? "'" : '\n')) scan.frames.pop()
    scan.atWordStart = frame === 'comment' && character === '\n'
    return 1
  }
  const { isEscaped, afterDollar, atWordStart } = scan
  Object.assign(scan, { isEscaped: false, afterDollar: false, atWordStart: false })
  if (isEscaped) return 1
  if (character === '\\') {
    scan.isEscaped = true
    return 1
  }
  if (character === '`') scan.isLost = true
  if (frame === 'braces') return insideBraces(character, scan)
  if (character === '$') return afterDollarSign(template, at, scan)
  if (character === '"') {
    if (frame === 'double') scan.frames.pop()
    else scan.frames.push('double')
    return 1
  }
  if (frame !== 'double') bareCharacter(template, at, scan, afterDollar, atWordStart)
  return 1
}

/** `${name…}` is understood as long as nothing in it needs understanding. */
function insideBraces(character: string, scan: Scan): number {
  if (character === '}') scan.frames.pop()
  else if (/['"$`{\\(]/.test(character)) scan.isLost = true
  return 1
}

function afterDollarSign(template: string, at: number, scan: Scan): number {
  const next = template[at + 1]
  if (next === '(') {
    if (template[at + 2] === '(') scan.isLost = true
    scan.frames.push('nested')
    scan.atWordStart = true
    return 2
  }
  if (next === '{' && !/^\{\w+\}/.test(template.slice(at + 1))) {
    scan.frames.push('braces')
    return 2
  }
  if (next === '[') scan.isLost = true
  scan.afterDollar = true
  return 1
}

function bareCharacter(template: string, at: number, scan: Scan, afterDollar: boolean, atWordStart: boolean): void {
  const character = template[at] ?? ''
  const next = template[at + 1]
  if (character === "'") {
    if (afterDollar) scan.isLost = true
    scan.frames.push('single')
  } else if (character === '(') {
    if (next === '(') scan.isLost = true
    scan.frames.push('nested')
  } else if (character === ')' && top(scan) === 'nested') scan.frames.pop()
  else if (character === '<' && next === '<') scan.isLost = true
  else if (character === '#' && atWordStart) scan.frames.push('comment')
  scan.atWordStart = /[\s;&|()<>]/.test(character)
}

const plain = /^[\p{L}\p{N}_.,:/@%+-]*$/u
const isPlain = (text: string): boolean => plain.test(text)

function quoted(value: string, scan: Scan): string {
  if (isPlain(value)) return value
  const frame = top(scan)
  if (scan.isLost || scan.afterDollar || frame === 'braces') return [...value].map(character => (isPlain(character) || character === ' ' ? character : '_')).join('')
  if (frame === 'single') return value.replaceAll("'", "'\\''")
  if (frame === 'comment') return value.replace(/[\r\n]/g, ' ')
  const escape = frame === 'double' ? escapeInDouble : escapeBare
  // A backslash that stands before the placeholder already escapes the first character.
  const [first = '', ...rest] = value
  return scan.isEscaped ? first + rest.map(escape).join('') : [first, ...rest].map(escape).join('')
}

const escapeInDouble = (character: string): string => (/[\\"$`]/.test(character) ? `\\${character}` : character)

/** A newline after a backslash would vanish, so it goes in quotes. */
const escapeBare = (character: string): string => (isPlain(character) ? character : character === '\n' ? "'\n'" : `\\${character}`)
