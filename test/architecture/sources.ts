import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export interface SourceFile {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly text: string
  /** Resolved relative imports as project paths, and bare specifiers as they stand. */
  readonly imports: readonly { readonly line: number; readonly target: string; readonly typeOnly: boolean }[]
}

const importPattern = /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/

/** All TypeScript files below a folder with their imports; statements that span lines are joined first. */
export function sourcesBelow(folder: string): SourceFile[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map(entry => {
      const absolute = join(entry.parentPath, entry.name)
      const path = relative(projectRoot, absolute).split(sep).join('/')
      const text = readFileSync(absolute, 'utf8')
      return { path, text, imports: importsOf(path, text) }
    })
    .sort((left, right) => (left.path < right.path ? -1 : 1))
}

function importsOf(path: string, text: string): SourceFile['imports'] {
  const found: { line: number; target: string; typeOnly: boolean }[] = []
  const joined = text.replace(/^(\s*(?:import|export)\s[^'"\n;]*\{)([^}]*)\}/gm, (_, head: string, body: string) => head + body.replace(/\n/g, '\u0001') + '}')
  let line = 0
  for (const row of joined.split('\n')) {
    line += 1
    const match = importPattern.exec(row.replaceAll('\u0001', ' '))
    const specifier = match?.[2] ?? match?.[3] ?? match?.[4]
    if (match && specifier !== undefined) {
      const target = specifier.startsWith('.') ? join(dirname(path), specifier).split(sep).join('/') : specifier
      found.push({ line, target, typeOnly: match[1] !== undefined })
    }
    line += row.split('\u0001').length - 1
  }
  return found
}

/** The text with comments and string literals blanked out, so that words in them do not count as code. */
export function codeOnly(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, match => match.replace(/[^\n]/g, ' '))
}
