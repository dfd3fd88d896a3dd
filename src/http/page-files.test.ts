import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { PageFiles } from './page-files.ts'

function folders(): { readonly page: string; readonly own: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'page-files-'))
  const [page, own] = [join(folder, 'page'), join(folder, 'own')]
  mkdirSync(page)
  for (const kind of ['css', 'js']) mkdirSync(join(own, kind), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<html><head><base href="/web/" /></head><body><div id="root"></div></body></html>')
  return { page, own, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

const textOf = (files: PageFiles, path: string): string => {
  const answer = files.answer(path, '/orc')
  return answer !== null && 'body' in answer ? String(answer.body) : ''
}

test('a style sheet and a script of the people who run the program are loaded after everything else, under their former addresses too', () => {
  using made = folders()
  writeFileSync(join(made.own, 'css/custom.css'), '.bar { color: red }')
  writeFileSync(join(made.own, 'js/custom.js'), 'console.log("own")')
  const files = new PageFiles(made.page, '/orc', made.own)
  const index = textOf(files, '/web/clusters')
  assert.match(index, /<base href="\/orc\/web\/"/)
  assert.match(index, /<link rel="stylesheet" href="\.\/custom\.css" \/><script defer src="\.\/custom\.js"><\/script><\/body>/)
  for (const path of ['/web/custom.css', '/css/custom.css']) assert.equal(textOf(files, path), '.bar { color: red }', path)
  assert.equal(textOf(files, '/js/custom.js'), 'console.log("own")')
})

test('where there are none, or they are empty, the page does not ask for them', () => {
  using made = folders()
  writeFileSync(join(made.own, 'css/custom.css'), '')
  for (const files of [new PageFiles(made.page, '/orc', made.own), new PageFiles(made.page, '/orc', join(made.own, 'nowhere')), new PageFiles(made.page, '/orc')]) {
    assert.doesNotMatch(textOf(files, '/web/clusters'), /custom/)
    assert.notEqual(textOf(files, '/web/custom.css'), '.bar { color: red }')
  }
})
