import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutation } from './mutation.ts'

const root = join(import.meta.dirname, '..', '..')
const copied = ['src', 'test', 'package.json', 'tsconfig.json']

/** What a mutation makes of a text. A text that is not there, or there twice, or that does not parse afterwards, is an error that names the mutation. */
export function mutated(source: string, { name, file, text, becomes }: Mutation): string {
  const count = source.split(text).length - 1
  if (count !== 1) throw new Error(`${name}: its text stands ${count} times in ${file}, not once; the code has changed, so change the mutation with it`)
  const result = source.replace(text, () => becomes)
  try {
    stripTypeScriptTypes(result)
  } catch (error) {
    throw new Error(`${name}: ${file} does not parse with it`, { cause: error })
  }
  return result
}

export const sourceOf = ({ file }: Mutation): string => readFileSync(join(root, file), 'utf8')

/** A copy of the project in which bugs are planted, one at a time; the work tree is never touched. */
export class Tree implements Disposable {
  readonly folder: string

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'orchestrator-mutations-'))
    for (const name of copied) cpSync(join(root, name), join(this.folder, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
  }

  /** The answer puts the file back. */
  plant(mutation: Mutation): () => void {
    const path = join(this.folder, mutation.file)
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, mutated(before, mutation))
    return () => writeFileSync(path, before)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
