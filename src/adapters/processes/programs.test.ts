import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { PathPrograms } from './programs.ts'

test('a program is looked up as the shell does, and what only the shell can tell is unknown', context => {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'runs'), '#!/bin/sh\n')
  chmodSync(join(folder, 'runs'), 0o755)
  writeFileSync(join(folder, 'plain'), '#!/bin/sh\n')
  chmodSync(join(folder, 'plain'), 0o644)
  const programs = new PathPrograms({ PATH: `/nosuch:${folder}` })
  assert.equal(programs.look('runs'), 'runs')
  assert.equal(programs.look(join(folder, 'runs')), 'runs')
  assert.equal(programs.look('plain'), 'not-executable')
  assert.equal(programs.look(join(folder, 'plain')), 'not-executable')
  assert.equal(programs.look('missing'), 'not-found')
  assert.equal(programs.look('/nosuch/hook.sh'), 'not-found')
  assert.equal(programs.look(folder), 'not-found')
  for (const word of ['echo', 'if', '$HOME/hook', '"quoted', '{failedHost}', 'A=b', '~/hook', '']) assert.equal(programs.look(word), 'unknown', word)
})
