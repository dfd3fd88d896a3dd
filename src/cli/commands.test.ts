import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract } from '../contract/all.ts'
import { commands } from './commands.ts'
import { commandList, declaredCommands, topicHelp } from './help.ts'

test('the table has exactly the commands that the contract declares, each for its operation', () => {
  const inTable = commands.flatMap(({ names, operation }) => names.map(name => `${name} ${operation}`)).sort()
  const declared = declaredCommands()
  assert.equal(new Set(declared).size, declared.length)
  for (const { names, operation } of commands) for (const name of names) assert.ok((contract[operation].former.commands as readonly string[]).includes(name), `${name} is no command of ${operation}`)
  assert.deepEqual(inTable.map(line => line.split(' ')[0]).sort(), [...declared].sort())
})

test('help lists sections as the original, and tells more of each command', () => {
  const list = commandList().split('\n')
  assert.equal(list[0], 'Available commands (-c):')
  assert.equal(list[1], 'Smart relocation:')
  assert.match(list[2] ?? '', /^\trelocate {32}\S/)
  assert.ok(list.includes(':'), 'the last section has no name')
  for (const { names } of commands) for (const name of names) assert.match(topicHelp(name), /Example:\n {2}orchestrator -c /, name)
  assert.equal(topicHelp('nosuch'), '')
})
