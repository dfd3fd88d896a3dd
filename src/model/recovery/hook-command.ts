import { fillCommand } from './hook-quoting.ts'
import { environmentOf, type HookOccasion, placeholdersOf } from './hook-values.ts'

/** One command of a list, ready for the shell. */
export interface HookCommand {
  readonly text: string
  /** Started and not waited for; its result counts for nothing. */
  readonly isAsync: boolean
  /** As it is written into the record. */
  readonly description: string
  readonly environment: Readonly<Record<string, string>>
}

/** The `&` at the end is read from the configured text, so that a value can never make a command asynchronous. */
export function hookCommand(configured: string, occasion: HookOccasion): HookCommand {
  const { text, isAsync } = readAsync(configured)
  const filled = fillCommand(text, placeholdersOf(occasion))
  return { text: filled, isAsync, description: isAsync ? `${filled} (async)` : filled, environment: environmentOf(occasion) }
}

export function readAsync(configured: string): { readonly text: string; readonly isAsync: boolean } {
  const trimmed = configured.trim()
  return trimmed.endsWith('&') ? { text: trimmed.replace(/&+$/, ''), isAsync: true } : { text: trimmed, isAsync: false }
}

/** Messages of a recovery's record about its hooks (contract hooks.md section 2). */
export const hookMessages = {
  none: (list: string): string => `No ${list} hooks to run`,
  begin: (list: string, count: number): string => `Running ${count} ${list} hooks`,
  running: (list: string, number: number, count: number, description: string): string => `Running ${list} hook ${number} of ${count}: ${description}`,
  completed: (list: string, number: number, count: number, milliseconds: number): string =>
    `Completed ${list} hook ${number} of ${count} in ${duration(milliseconds)}`,
  failed: (list: string, number: number, count: number, milliseconds: number, exit: string, output: string): string =>
    `Execution of ${list} hook ${number} of ${count} failed in ${duration(milliseconds)} with error: (${exit}) ${output}`,
  stopped: (list: string): string => `Not running further ${list} hooks`,
  done: (list: string): string => `done running ${list} hooks`,
}

/** `18.7ms`, `2.03s`. */
const duration = (milliseconds: number): string => (milliseconds < 1000 ? `${Math.round(milliseconds * 1000) / 1000}ms` : `${Math.round(milliseconds) / 1000}s`)
