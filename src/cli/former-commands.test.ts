import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandNamed } from './commands.ts'
import { commandList, topicHelp } from './help.ts'
import { processCommandNamed } from './process-commands.ts'

// The file has this shape: every command of the original's program, as its help lists them, with their second names, and every command of its client script.
const former = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'former-commands.json'), 'utf8')) as {
  readonly sections: readonly { readonly name: string; readonly commands: readonly string[] }[]
  readonly unlisted: readonly string[]
  readonly synonyms: Readonly<Record<string, readonly string[]>>
  readonly script: readonly string[]
}

const exists = (name: string): boolean => commandNamed(name) !== undefined || processCommandNamed(name) !== undefined
const listed = former.sections.flatMap(({ commands }) => commands)

test('every command of the original and of its client script exists', () => {
  assert.ok(listed.length > 120 && former.script.length > 85, 'the list is whole')
  const lacking = [...listed, ...former.unlisted, ...former.script].filter(name => !exists(name))
  assert.deepEqual(lacking, [])
})

test('every second name runs the command itself', () => {
  for (const [name, others] of Object.entries(former.synonyms)) {
    assert.ok(commandNamed(name) !== undefined, name)
    for (const other of others) assert.equal(commandNamed(other), commandNamed(name), `${other} is another name of ${name}`)
  }
})

test('every command of the original tells what it does', () => {
  for (const name of [...listed, ...former.unlisted, ...former.script].filter(exists)) assert.match(topicHelp(name), /\nExample:\n {2}orchestrator /, name)
})

test('the list has the sections of the original, and its commands in their order', () => {
  const sections: { name: string; commands: string[] }[] = []
  for (const line of commandList().split('\n').slice(1)) {
    const [, name] = /^\t(\S+) +\S/.exec(line) ?? []
    if (name !== undefined) sections.at(-1)?.commands.push(name)
    else if (line.endsWith(':') && !line.startsWith(' ')) sections.push({ name: line.slice(0, -1), commands: [] })
    else break
  }
  const isFormer = new Set(listed)
  const shown = sections.map(({ name, commands }) => ({ name, commands: commands.filter(command => isFormer.has(command)) }))
  assert.deepEqual(shown.filter(({ commands }) => commands.length > 0), former.sections)
})
