import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contract } from '../../../src/contract/all.ts'
import type { AnyOperation } from '../../../src/contract/operation.ts'
import { clusterActs } from './acts/cluster.ts'
import { operationsOf } from './acts/act.ts'
import { dangers, typedFor, typedOf } from './danger.ts'
import { acts } from './menu.ts'

const declared = (name: string): AnyOperation | undefined => Object.values<AnyOperation>(contract).find(each => each.name === name)

test('each act of the menus has its danger, and what plans has at least a plan and a button before it is run', () => {
  for (const act of [...acts, ...clusterActs]) {
    for (const name of 'does' in act ? operationsOf(act) : act.operations) {
      const danger = dangers[name]
      if (declared(name)?.access !== 'write') continue
      // What recovers asks by what is known of the server; its dialog judges.
      if (name === 'recover' || name === 'recover-lite') continue
      assert.notEqual(danger, undefined, `${name} stands in no menu of dangers`)
      if (declared(name)?.plans === true) assert.notEqual(danger, 0, name)
    }
  }
})

test('what an act of the menu says must be typed is what its danger says', () => {
  for (const act of acts) {
    if (act.does === 'plan') assert.equal(act.typed ?? 'nothing', typedOf(act.operation, false), act.name)
    if (act.does === 'plan-by-role') assert.deepEqual(act.typed, { primary: typedOf(act.operation, true), replica: typedOf(act.operation, false) }, act.name)
    // At once goes only what is harmless.
    if (act.does === 'now') assert.equal(dangers[act.operation], 0, act.name)
  }
  assert.deepEqual([0, 1, 2, 3].map(danger => typedFor(danger as 0 | 1 | 2 | 3)), ['nothing', 'nothing', 'server', 'cluster'])
})

/** Dialogs of their own, and what they must ask for. */
const dialogs: readonly (readonly [file: string, operation: keyof typeof dangers, asks: readonly RegExp[]])[] = [
  ['takeover-dialog.tsx', 'graceful-takeover', [/plan\.typeName/, /plan\.why'/, /color="red"/]],
  ['recover-dialog.tsx', 'force-failover', [/plan\.typeName/, /useWhy\(mustType/, /mustType && typed\.trim\(\) !== cluster/]],
  ['small-dialogs.tsx', 'forget', [/<TypedDialog[\s\S]*operation="forget"/]],
  ['small-dialogs.tsx', 'disable-global-recoveries', [/<TypedDialog[\s\S]*?asksWhy[\s\S]*?disable-global-recoveries/]],
  ['cluster-dialogs.tsx', 'forget-cluster', [/<TypedDialog[\s\S]*asksWhy[\s\S]*forget-cluster|<TypedDialog[\s\S]*forget-cluster[\s\S]*asksWhy/]],
]

for (const [file, operation, asks] of dialogs) {
  test(`${file} asks for what the danger of ${operation} demands`, () => {
    assert.ok(dangers[operation] === 2 || dangers[operation] === 3 || dangers[operation] === 'all')
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    for (const each of asks) assert.match(text, each)
  })
}

test('a button that does something dangerous names the act', () => {
  const words = readFileSync(join(import.meta.dirname, '../words/en-acts.ts'), 'utf8')
  assert.doesNotMatch(words, /run: '(OK|Ok|Yes|Confirm|Run)'/)
})
