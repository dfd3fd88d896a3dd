// Prints the answers of every case anew; review the difference before committing it. `node scripts/rewrite-cases.ts [part of a name]`
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { runCase } from '../test/harness/notation/run-case.ts'

const folder = new URL('../test/cases/', import.meta.url)
const wanted = process.argv[2] ?? ''
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.case') && file.includes(wanted)).sort()) {
  const url = new URL(name, folder)
  const text = readFileSync(url, 'utf8')
  const result = runCase(text)
  if (result.text !== text) {
    writeFileSync(url, result.text)
    console.log(`rewritten: ${name}`)
  }
  for (const sentence of result.broken) {
    console.error(`broken: ${name}: ${sentence}`)
    process.exitCode = 1
  }
}
