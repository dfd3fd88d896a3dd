import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Which packages of others got into what is built, and the words under which they may be passed on: they ask to be kept with every copy. */
export class ThirdParty {
  readonly #folders = new Set<string>()

  /** Notes each package of which a module stands in the output. */
  plugin(): Plugin {
    return {
      name: 'third-party',
      generateBundle: (_, bundle) => {
        for (const output of Object.values(bundle)) {
          if (output.type !== 'chunk') continue
          for (const id of output.moduleIds) {
            const folder = packageFolder(id)
            if (folder !== null) this.#folders.add(folder)
          }
        }
      },
    }
  }

  text(): string {
    const packages = [...this.#folders].map(readPackage).toSorted((left, right) => (left.title < right.title ? -1 : 1))
    const sections = packages.map(({ title, license, words }) => `${'='.repeat(80)}\n${title} (${license})\n\n${words}\n`)
    return `Orchestrator is built with these packages. Each is under the license that stands below its name.\n\n${sections.join('\n')}`
  }
}

/** `/x/node_modules/@scope/name/dist/a.js` is of `/x/node_modules/@scope/name`; what is no package's is nobody's. */
function packageFolder(id: string): string | null {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '')
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null
}

function readPackage(folder: string): { readonly title: string; readonly license: string; readonly words: string } {
  const facts: { name: string; version: string; license?: string; author?: string | { name?: string } } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name))
  const { author } = facts
  const by = typeof author === 'string' ? author : author?.name
  return {
    title: `${facts.name} ${facts.version}`, license: facts.license ?? 'see below',
    words: file === undefined ? `Its package holds no text of the license.${by === undefined ? '' : ` By ${by}.`}` : readFileSync(join(folder, file), 'utf8').trim(),
  }
}
