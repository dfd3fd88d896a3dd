// Every test of the folders in together.ts, in this one process. Each also runs by itself: `node --test FILE`.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { folders } from './together.ts'

const root = join(import.meta.dirname, '..')

for (const file of folders.flatMap(folder => globSync(`${folder}/**/*.test.ts`, { cwd: root })).toSorted()) await import(join(root, file))
