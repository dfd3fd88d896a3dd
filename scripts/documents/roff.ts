/** Text for a man page: what roff would take for its own is said so that it is printed as it stands. */
export const roff = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').split('\n').map(line => line.replace(/^([.'])/, '\\&$1')).join('\n')

/** One entry of a list: what is named, and below it, indented, what it means. */
export const entry = (name: string, says: string): string => `.TP\n.B ${roff(name)}\n${roff(says)}`

export const section = (title: string, ...parts: readonly string[]): string => [`.SH ${title}`, ...parts].join('\n')
export const subsection = (title: string, ...parts: readonly string[]): string => [`.SS ${title}`, ...parts].join('\n')
export const paragraph = (text: string): string => `.PP\n${roff(text)}`
export const example = (text: string): string => `.PP\n.nf\n.RS\n${roff(text)}\n.RE\n.fi`

export function page(name: string, number: number, title: string, says: string, ...sections: readonly string[]): string {
  const head = `.\\" Made by npm run docs:generate; do not edit.\n.TH ${name.toUpperCase().replaceAll('-', '\\-')} ${number} "" "${title}" "${title}"`
  return `${[head, section('NAME', `${roff(name)} \\- ${roff(says)}`), ...sections].join('\n')}\n`
}
