import { fail, ok, type Result } from '../kit/result.ts'

/** What a credentials file gives; what it does not name is empty. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/**
 * Reads an ini text with `user` and `password` in section `[client]`, names in any letter case. `#` and `;` begin a comment, also behind
 * a value; double quotes keep them. Other sections and names are passed over. The failure names the line, never a value.
 */
export function parseCredentials(text: string): Result<Credentials, { readonly line: number; readonly text: string }> {
  const found = { user: '', password: '' }
  let section = ''
  for (const [index, raw] of text.replace(/^\uFEFF/, '').split('\n').entries()) {
    const line = raw.trim()
    const stop = (says: string): ReturnType<typeof parseCredentials> => fail({ line: index + 1, text: says })
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    if (line.startsWith('[')) {
      const name = /^\[\s*([^\]"\s]+)[^\]]*\]\s*(?:[#;].*)?$/.exec(line)?.[1]
      if (name === undefined) return stop('expected a section like [client]')
      section = name.toLowerCase()
      continue
    }
    const [, name = '', assigned] = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/s.exec(line) ?? []
    if (name === '') return stop('expected NAME = VALUE')
    if (section === '') return stop('expected a section like [client] before the first name')
    const wanted = name.toLowerCase()
    if (section !== 'client' || (wanted !== 'user' && wanted !== 'password')) continue
    const value = iniValue(assigned ?? '')
    if (value === null) return stop(`the value of ${wanted} is not written right: quote it with double quotes, \\" and \\\\ inside`)
    found[wanted] = value
  }
  return ok(found)
}

/** Null: single quotes, or a double quote that does not close. */
function iniValue(written: string): string | null {
  let value = ''
  let quoted = false
  let kept = 0 // blanks at the end count only inside quotes
  for (let at = 0; at < written.length; at++) {
    const next = written[at] ?? ''
    if (next === '"') quoted = !quoted
    else if (next === '\\') {
      const escaped = ({ '"': '"', '\\': '\\', n: '\n', t: '\t' } as Readonly<Record<string, string>>)[written[++at] ?? '']
      if (escaped === undefined) return null
      value += escaped
    } else if (!quoted && (next === '#' || next === ';')) break
    else if (!quoted && next === "'") return null
    else value += next
    if (quoted || !/\s/.test(next)) kept = value.length
  }
  return quoted ? null : value.slice(0, kept)
}
