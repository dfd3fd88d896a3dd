import { join } from 'node:path'
import { fail, ok, type Result } from '../kit/result.ts'
import { adjust } from './adjust.ts'
import type { SettingKey } from './keys.ts'
import { mergeFile } from './merge.ts'
import { type PasswordSources, type Remarks, resolvePasswords } from './passwords.ts'
import { generalProblem, type Problem } from './problem.ts'
import { readTextFile } from './read-file.ts'
import { refuse, refuseSynonyms } from './refusals.ts'
import { defaultDraft, type Draft, type Settings } from './settings.ts'
import { parseJson } from './syntax.ts'

export interface SettingsRequest {
  /** `-config FILE`: only this file, and it must be there. Without it, all files of the search path that exist. */
  readonly path?: string | undefined
  /** One more file after the others (reload); it may be missing. */
  readonly also?: string | undefined
  /** From the command line; they win over every file. */
  readonly overrides?: Partial<Settings> | undefined
  /** Reload: keys that no file gives keep the value they have here. */
  readonly previous?: LoadedSettings | undefined
  readonly environment?: PasswordSources['environment'] | undefined
  readonly workingDirectory?: string | undefined
}

/** Settings with where they come from. */
export interface LoadedSettings {
  readonly settings: Settings
  /** The files that were read, in order. */
  readonly files: readonly string[]
  /** Keys that some file or the command line gave. */
  readonly explicit: ReadonlySet<SettingKey>
  readonly warnings: readonly Problem[]
}

/** Nothing starts (or nothing changes) with these; `problemText` prints one. */
export interface SettingsFailure {
  readonly problems: readonly Problem[]
}

/**
 * Reads and merges the configuration files, adjusts and checks after each one (contract config.md), and answers frozen settings with the
 * warnings, or everything that is wrong with the first file that cannot be used.
 */
export function loadSettings(request: SettingsRequest = {}): Result<LoadedSettings, SettingsFailure> {
  const sources: PasswordSources = { environment: request.environment ?? process.env, workingDirectory: request.workingDirectory ?? process.cwd() }
  const draft: Draft = { ...(request.previous?.settings ?? defaultDraft()) }
  const explicit = new Set(request.previous?.explicit)
  const files: string[] = []
  const warnings: Problem[] = []

  for (const { path, mustExist } of filesToRead(request, sources.workingDirectory)) {
    const text = readTextFile(path)
    if (!text.ok) {
      if (text.failure.missing && !mustExist) continue
      return failed(generalProblem(`Cannot read config file: ${path} ${text.failure.text}`))
    }
    const parsed = parseJson(text.value)
    if (!parsed.ok) {
      const { line, column, text: says } = parsed.failure
      return failed({ file: path, line, column, key: null, says: `Cannot read config file: ${says}` })
    }
    const { root, rest } = parsed.value
    const merged = mergeFile(draft, root, path)
    files.push(path)
    warnings.push(...merged.warnings)
    if (rest !== null) warnings.push({ file: path, ...rest, key: null, says: 'what follows the first complete value is not read' })
    if (merged.problems.length > 0) return failed(...merged.problems)
    for (const key of merged.given) explicit.add(key)
    const settled = settle(draft, merged.given, explicit, path, sources)
    warnings.push(...settled.warnings)
    if (settled.problems.length > 0) return failed(...settled.problems)
  }

  const overrides = Object.entries(request.overrides ?? {}).filter(([, value]) => value !== undefined)
  Object.assign(draft, Object.fromEntries(overrides))
  const given = new Set(overrides.map(([key]) => key as SettingKey)) // the keys of a Partial<Settings>
  for (const key of given) explicit.add(key)
  const settled = settle(draft, given, explicit, null, sources)
  if (settled.problems.length > 0) return failed(...settled.problems)
  return ok({ settings: Object.freeze(draft), files, explicit, warnings: distinct([...warnings, ...settled.warnings]) })
}

/** Everything that follows from what one file gave. */
function settle(draft: Draft, given: ReadonlySet<SettingKey>, explicit: ReadonlySet<SettingKey>, file: string | null, sources: PasswordSources): Remarks {
  const passwords = resolvePasswords(draft, given, sources)
  const synonyms = refuseSynonyms(draft, file)
  const warnings = adjust(draft, explicit, file)
  return { problems: [...passwords.problems, ...synonyms, ...refuse(draft, file)], warnings: [...passwords.warnings, ...warnings] }
}

function filesToRead(request: SettingsRequest, workingDirectory: string): { readonly path: string; readonly mustExist: boolean }[] {
  const inDirectory = (path: string): string => (path.startsWith('/') ? path : join(workingDirectory, path))
  const wanted =
    request.path === undefined
      ? ['/etc/orchestrator.conf.json', 'conf/orchestrator.conf.json', 'orchestrator.conf.json'].map(path => ({ path: inDirectory(path), mustExist: false }))
      : [{ path: inDirectory(request.path), mustExist: true }]
  return request.also === undefined ? wanted : [...wanted, { path: inDirectory(request.also), mustExist: false }]
}

function failed(...problems: readonly Problem[]): Result<never, SettingsFailure> {
  return fail({ problems })
}

/** One warning of each sentence: the checks run after each file. */
function distinct(warnings: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>()
  return warnings.filter(({ says, line, file }) => {
    const identity = line === null ? says : `${file}:${line}:${says}`
    return !seen.has(identity) && seen.add(identity)
  })
}
