const short: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v',
}

const hex = (point: number, digits: number): string => point.toString(16).padStart(digits, '0')

/** A text in double quotes as the original keeps errors of threads: what is no printable ASCII is escaped the way of Go. */
export function quotedAscii(text: string): string {
  const parts = [...text].map(character => {
    const known = short[character]
    if (known !== undefined) return known
    const point = character.codePointAt(0) ?? 0
    if (point >= 0x20 && point < 0x7f) return character
    if (point < 0x80) return `\\x${hex(point, 2)}`
    return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`
  })
  return `"${parts.join('')}"`
}
