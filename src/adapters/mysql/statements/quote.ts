/**
 * A text literal. `plainBackslash` is the session's NO_BACKSLASH_ESCAPES: there a backslash stands for itself, and only quotes are doubled.
 * Source: MySQL manual, "String Literals".
 */
export function quoted(text: string, plainBackslash: boolean): string {
  if (text.includes('\0')) throw new Error('a text with a zero byte cannot be sent to a server')
  const doubled = text.replaceAll("'", "''")
  return `'${plainBackslash ? doubled : doubled.replaceAll('\\', '\\\\')}'`
}

export const maskedSecret = "'********'"
