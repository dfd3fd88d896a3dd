/**
 * Builds what bin/ runs: the program and its client as a few JavaScript files in dist/, and the web page in dist/web. Types are checked elsewhere (npm run types).
 * Everything is bundled, so that a command does not read a thousand small files before its first answer.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { pageChunks } from './page-chunks.ts'
import { PageSizes } from './page-sizes.ts'
import { ThirdParty } from './third-party.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const began = performance.now()
mkdirSync(dist, { recursive: true })
const thirdParty = new ThirdParty()
const pageSizes = new PageSizes()

/** Read for each command: without comments, and of letters of one byte alone. Lines stay, so that a stack of calls can be read. */
const brief = { comments: false, charset: 'ascii' } as const

// Built beside and put in place when complete, so that a build that fails leaves the one before it.
const fresh = join(dist, `.fresh-${process.pid}`)
await build({
  root, logLevel: 'warn', configFile: false, publicDir: false, plugins: [thirdParty.plugin()],
  build: {
    ssr: true, outDir: fresh, emptyOutDir: true, target: 'node24', minify: false, sourcemap: false,
    rollupOptions: { input: { main: 'src/main.ts', client: 'src/client.ts' }, output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js', ...brief } },
  },
  ssr: { noExternal: true },
})
// A rehearsal starts servers of its own; one file, so that an installed package can do it too.
const rehearsal = join(dist, `.fresh-drill-${process.pid}`)
await build({
  root, logLevel: 'warn', configFile: false, publicDir: false, plugins: [thirdParty.plugin()],
  build: {
    ssr: 'scripts/drill.ts', outDir: rehearsal, emptyOutDir: true, target: 'node24', minify: false, sourcemap: false,
    rollupOptions: { output: { entryFileNames: 'drill.js', inlineDynamicImports: true } },
  },
  ssr: { noExternal: true },
})
for (const name of await entriesOf(dist)) if (/^(main|client|chunk-.*)\.js$/.test(name)) rmSync(join(dist, name))
for (const name of await entriesOf(fresh)) renameSync(join(fresh, name), join(dist, name))
rmSync(fresh, { recursive: true })
renameSync(join(rehearsal, 'drill.js'), join(dist, 'drill.js'))
rmSync(rehearsal, { recursive: true })
rmSync(join(dist, '.compile-cache'), { recursive: true, force: true })

if (existsSync(join(root, 'web', 'vite.config.ts'))) {
  const page = join(dist, `.fresh-web-${process.pid}`)
  const configFile = join(root, 'web', 'vite.config.ts')
  const sketch = await build({ configFile, logLevel: 'silent', build: { outDir: page, write: false, minify: false } })
  // The edge: one output is asked for, and nothing is watched.
  const name = pageChunks((sketch as Rolldown.RolldownOutput).output)
  await build({
    configFile, logLevel: 'warn', plugins: [thirdParty.plugin(), pageSizes.plugin()],
    build: { outDir: page, rolldownOptions: { output: { codeSplitting: { groups: [{ name, debugName: 'together' }] } } } },
  })
  // What the page about the program links to, so that it can be read where nothing else can be reached.
  cpSync(join(root, 'docs'), join(page, 'help'), { recursive: true, filter: path => !/[/\\]docs[/\\](images|decisions)$/.test(path) })
  copyFileSync(join(root, 'LICENSE'), join(page, 'license.txt'))
  writeFileSync(join(page, 'licenses.txt'), thirdParty.text())
  rmSync(join(dist, 'web'), { recursive: true, force: true })
  renameSync(page, join(dist, 'web'))
  const { text, isWithin } = pageSizes.summary
  console.log(text)
  // What was built is in its place and works; a page that has become heavier than it may be is a failure all the same.
  if (!isWithin) process.exitCode = 1
}
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), thirdParty.text())
console.log(`built in ${((performance.now() - began) / 1000).toFixed(1)} s`)

async function entriesOf(folder: string): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises')
  return readdir(folder)
}
