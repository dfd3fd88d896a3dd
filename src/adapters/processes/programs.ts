import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Programs } from '../../ports/programs.ts'

/** Words that POSIX shells and bash carry out or read themselves. */
const wordsOfShells: ReadonlySet<string> = new Set([
  '!', '.', ':', '[', '[[', '{', '}', 'alias', 'bg', 'break', 'builtin', 'case', 'cd', 'command', 'continue', 'declare', 'do', 'done', 'echo', 'elif', 'else', 'esac', 'eval',
  'exec', 'exit', 'export', 'false', 'fg', 'fi', 'for', 'function', 'getopts', 'hash', 'if', 'in', 'jobs', 'kill', 'let', 'local', 'printf', 'pwd', 'read', 'readonly',
  'return', 'select', 'set', 'shift', 'shopt', 'source', 'test', 'then', 'time', 'times', 'trap', 'true', 'type', 'typeset', 'ulimit', 'umask', 'unalias', 'unset', 'until', 'wait',
  'while',
])

/** Anything else in a word is for the shell to work out: variables, quotes, globs, our placeholders, assignments. */
const plainWord = /^[\w./+@%:,-]+$/

/** Looks a word up as the shell would: a path as it stands, a name in PATH. */
export class PathPrograms implements Programs {
  readonly #folders: readonly string[]

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#folders = (environment['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  }

  look(word: string): ReturnType<Programs['look']> {
    if (!plainWord.test(word) || wordsOfShells.has(word)) return 'unknown'
    // A path that is not absolute depends on the folder in which the program was started.
    const states = (word.includes('/') ? [word] : this.#folders.map(folder => join(folder, word))).map(stateOf)
    return states.find(state => state === 'runs') ?? states.find(state => state === 'not-executable') ?? 'not-found'
  }
}

function stateOf(path: string): 'runs' | 'not-found' | 'not-executable' {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts === undefined || facts.isDirectory()) return 'not-found'
  try {
    accessSync(path, constants.X_OK)
    return 'runs'
  } catch {
    // The only question was whether it may be run.
    return 'not-executable'
  }
}
