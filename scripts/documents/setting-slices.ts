import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Setting } from '../../src/kit/setting.ts'

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** A setting as one part of the program declares that it reads it. */
export interface DeclaredSetting extends Setting<unknown> {
  readonly file: string
  readonly name: string
}

/** All settings that some part's `settings.ts` reads, whatever the tables there are called. */
export async function declaredSettings(): Promise<readonly DeclaredSetting[]> {
  const declared: DeclaredSetting[] = []
  for (const file of globSync('src/**/settings.ts', { cwd: projectRoot }).toSorted()) {
    if (file === join('src', 'config', 'settings.ts')) continue
    const exported = (await import(pathToFileURL(join(projectRoot, file)).href)) as Readonly<Record<string, unknown>> // a module is a record of its exports
    for (const table of Object.values(exported)) {
      if (typeof table !== 'object' || table === null) continue
      for (const [name, entry] of Object.entries(table)) if (isSetting(entry)) declared.push({ ...entry, file, name })
    }
  }
  return declared
}

function isSetting(entry: unknown): entry is Setting<unknown> {
  return typeof entry === 'object' && entry !== null && 'key' in entry && 'default' in entry && 'says' in entry
}
