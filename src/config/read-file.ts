import { readFileSync, statSync } from 'node:fs'
import { fail, ok, type Result } from '../kit/result.ts'

const bytesMax = 4 * 1024 * 1024 // no configuration is larger; a log or a database named by mistake is

/** The text of a file; the failure is worded as the original words it (`open PATH: no such file or directory`). */
export function readTextFile(path: string): Result<string, { readonly missing: boolean; readonly text: string }> {
  try {
    const { size } = statSync(path)
    if (size > bytesMax) return fail({ missing: false, text: `read ${path}: larger than ${bytesMax} bytes` })
    return ok(readFileSync(path, 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === '') throw error // not from the file system: a fault
    return fail({ missing: code === 'ENOENT' || code === 'ENOTDIR', text: sentences[code]?.(path) ?? `open ${path}: ${code}` })
  }
}

const sentences: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: path => `open ${path}: no such file or directory`,
  ENOTDIR: path => `open ${path}: not a directory`,
  EACCES: path => `open ${path}: permission denied`,
  EPERM: path => `open ${path}: operation not permitted`,
  EISDIR: path => `read ${path}: is a directory`,
}
