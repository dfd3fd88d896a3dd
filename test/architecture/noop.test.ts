import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { unasked, worldChanges } from './noop.ts'
import { codeOnly, projectRoot, sourcesBelow } from './sources.ts'

/** Methods of ports, and of what implements them, that change something outside of the program. */
const changing = ['.perform(', '.inject(', 'rocesses.run(', 'target.publish(', 'client.command(']

test('whatever changes the world outside stands in a table that says how -noop keeps it back', () => {
  const calling = [...sourcesBelow('src/engine'), ...sourcesBelow('src/app')].filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap(({ path, text }) => changing.filter(call => codeOnly(text).includes(call)).map(call => `${path} ${call}`))
  assert.deepEqual(calling.toSorted(), worldChanges.filter(({ file }) => existsSync(join(projectRoot, file))).map(({ file, calls }) => `${file} ${calls}`).toSorted())
})

test('each file that is said to keep it back by itself does ask', () => {
  const own = [...worldChanges, ...unasked].filter(({ keptBackBy }) => keptBackBy === 'its own changesNothing').map(({ file }) => file)
  const sources = sourcesBelow('src/engine')
  assert.ok(own.length > 2)
  for (const file of own.filter(each => sources.some(({ path }) => path === each))) assert.match(codeOnly(sources.find(({ path }) => path === file)?.text ?? ''), /changesNothing/, file)
})
