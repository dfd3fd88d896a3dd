import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './sources.ts'

/** A file of the project, and a text that stands in it: the name of a test, a line of code. */
export interface Place {
  readonly file: string
  readonly text: string
}

/** Null: the text stands there. */
export function missing({ file, text }: Place): string | null {
  const path = join(projectRoot, file)
  if (!existsSync(path)) return `${file} is not there`
  return readFileSync(path, 'utf8').includes(text) ? null : `'${text}' is not in ${file}`
}

/** File patterns that the stages of `npm test` run, as scripts/test.ts states them. */
export function patternsRun(): readonly string[] {
  const text = readFileSync(join(projectRoot, 'scripts/test.ts'), 'utf8')
  return [...text.matchAll(/'([^']*\.test\.ts)'/g)].flatMap(([, pattern]) => pattern ?? [])
}
