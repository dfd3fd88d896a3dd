/**
 * A case file: comments, `topology` with its indented lines, and commands, each with what it answers below `----`.
 * Everything below a `----` is printed by the program; the rest is written by people and kept as it stands.
 */
export type Item =
  | { readonly is: 'verbatim'; readonly text: string }
  | { readonly is: 'topology'; readonly text: string }
  | { readonly is: 'command'; readonly text: string; readonly expected: readonly string[] }

const divider = '----'
const indentation = '  '

export function parseCaseFile(text: string): readonly Item[] {
  const lines = text.replace(/\n+$/, '').split('\n')
  const items: Item[] = []
  /** The lines after `from` that are indented, or blank between indented ones. */
  const block = (from: number): readonly string[] => {
    let end = from
    for (let at = from; at < lines.length && /^(\s|$)/.test(lines[at] ?? ''); at += 1) if ((lines[at] ?? '').trim() !== '') end = at + 1
    return lines.slice(from, end)
  }
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '' || line.startsWith('#')) items.push({ is: 'verbatim', text: line })
    else if (line === 'topology') {
      const body = block(at + 1)
      items.push({ is: 'topology', text: body.join('\n') })
      at += body.length
    } else if (/^[a-z]/.test(line)) {
      const hasAnswer = lines[at + 1] === divider
      const answer = hasAnswer ? block(at + 2) : []
      items.push({ is: 'command', text: line, expected: answer.map(one => one.slice(indentation.length)) })
      at += hasAnswer ? answer.length + 1 : 0
    } else throw new Error(`line ${at + 1}: '${line}' is neither a comment, nor 'topology', nor a command`)
  }
  return items
}

export function printCaseFile(items: readonly Item[]): string {
  return items.map(item => {
    switch (item.is) {
      case 'verbatim':
        return `${item.text}\n`
      case 'topology':
        return `topology\n${item.text}\n`
      default:
        return [item.text, divider, ...item.expected.map(line => (line === '' ? '' : indentation + line))].join('\n') + '\n'
    }
  }).join('')
}
