/** Something about the configuration that must be mended before anything starts, or that is worth knowing. */
export interface Problem {
  /** Null: not about one file. */
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly key: string | null
  /** A sentence that names the key and the value where they matter. */
  readonly says: string
}

/** `file:line:column: sentence`, as far as known. */
export function problemText(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter(part => part !== null).join(':')
  return place === '' ? problem.says : `${place}: ${problem.says}`
}

export const generalProblem = (says: string, file: string | null = null, key: string | null = null): Problem => ({ file, line: null, column: null, key, says })
