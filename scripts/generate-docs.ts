/** Writes the documents that are made from the code (docs/generated); a test fails while one of them is stale. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { documents } from './documents/all.ts'
import { projectRoot } from './documents/setting-slices.ts'

for (const { path, make } of documents) {
  const file = join(projectRoot, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, await make())
  console.log(path)
}
