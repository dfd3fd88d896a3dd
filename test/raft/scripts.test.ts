import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ScriptedCluster } from './script.ts'

const folder = new URL('scripts/', import.meta.url)
const scripts = readdirSync(folder).filter(name => name.endsWith('.script')).flatMap(name =>
  readFileSync(new URL(name, folder), 'utf8').split(/^== /m).slice(1).map(part => {
    const [says = '', ...lines] = part.split('\n')
    return { name, says, lines }
  }))

for (const { name, says, lines } of scripts) {
  test(`${name.replace('.script', '')}: ${says}`, () => {
    const cluster = new ScriptedCluster()
    for (const [place, line] of lines.entries()) {
      const words = line.replace(/#.*/, '').trim()
      if (words === '') continue
      try {
        cluster.run(words)
      } catch (failure) {
        throw new Error(`line ${place + 1}, "${words}": ${failure instanceof Error ? failure.message : String(failure)}; last: ${cluster.notices.slice(-4).join(', ')}`, { cause: failure })
      }
    }
  })
}

test('there are at least forty scripts, and each expects something', () => {
  assert.ok(scripts.length >= 40, `${scripts.length}`)
  assert.deepEqual(scripts.filter(({ lines }) => lines.filter(line => line.trim().startsWith('expect')).length === 0).map(({ says }) => says), [])
})
