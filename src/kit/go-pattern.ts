import { fail, ok, type Result } from './result.ts'

/**
 * Compiles a regular expression written for Go's `regexp` (RE2), as users' configuration files hold them. Leading flags (`(?i)`), named
 * groups (`(?P<name>…)`) and the text anchors `\A` and `\z` are translated; the rest is common to both. Not anchored.
 */
export function goPattern(text: string): Result<RegExp, string> {
  const [, flags = ''] = /^\(\?([a-z]+)\)/.exec(text) ?? []
  const body = (flags === '' ? text : text.slice(flags.length + 3)).replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\z', '$')
  if (/[^ims]/.test(flags)) return fail(`flag not supported in (?${flags}): ${text}`)
  try {
    return ok(new RegExp(body, flags))
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}
