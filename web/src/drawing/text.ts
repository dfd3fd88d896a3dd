import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from './forest.ts'

/** How the lines of the text are worded. */
export interface TextWords {
  readonly server: (server: ServerView) => readonly string[]
  readonly ghost: (name: string) => string
}

/** The tree as plain text, for pasting into a chat: names indented by lines, what is known of each in columns. */
export function textOf(branches: readonly Branch[], words: TextWords): string {
  const rows: (readonly string[])[] = []
  const visit = (list: readonly Branch[], lead: string, isRoot: boolean): void => {
    for (const [index, branch] of list.entries()) {
      const isLast = index === list.length - 1
      const branchLine = isRoot ? '' : isLast ? '└─ ' : '├─ '
      if (branch.kind === 'server') {
        const [name = '', ...facts] = words.server(branch.server)
        rows.push([`${lead}${branchLine}${name}`, ...facts])
      } else if (branch.kind === 'ghost') rows.push([`${lead}${branchLine}${words.ghost(branch.name)}`])
      visit(branch.children, isRoot ? '' : `${lead}${isLast ? '   ' : '│  '}`, false)
    }
  }
  visit(branches, '', true)
  // The last cell of a line needs no room after it.
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.slice(0, -1).entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))
  return rows.map(row => row.map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell)))).join('  ').trimEnd()).join('\n')
}

/** Columns that a text takes where letters are of one width: Chinese ones are two. */
const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/u.test(letter) ? 2 : 1), 0)
