import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'
import { chunksWith, closure } from './page-chunks.ts'

/** What a person waits for, in bytes as they are sent. */
export interface PageSize {
  readonly says: string
  readonly bytes: number
  readonly bytesMax: number
}

const kilobyte = 1000
const sent = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length

/** Weighs the page while it is built. A part that is loaded already is not counted again. */
export class PageSizes {
  #sizes: readonly PageSize[] = []

  plugin(): Plugin {
    return {
      name: 'page-sizes',
      generateBundle: (_, bundle) => {
        this.#sizes = sizesOf(bundle)
      },
    }
  }

  get sizes(): readonly PageSize[] {
    return this.#sizes
  }

  /** One line, and whether everything is within its budget. */
  get summary(): { readonly text: string; readonly isWithin: boolean } {
    const parts = this.#sizes.map(({ says, bytes, bytesMax }) => `${says} ${(bytes / kilobyte).toFixed(1)} of ${bytesMax / kilobyte} kB${bytes > bytesMax ? ' — TOO LARGE' : ''}`)
    return { text: `the page, compressed: ${parts.join(' · ')}`, isWithin: this.#sizes.length > 0 && this.#sizes.every(({ bytes, bytesMax }) => bytes <= bytesMax) }
  }
}

function sizesOf(bundle: Rolldown.OutputBundle): readonly PageSize[] {
  const chunks = new Map(Object.values(bundle).flatMap(output => (output.type === 'chunk' ? [[output.fileName, output] as const] : [])))
  const asked = (name: string): ReadonlySet<string> => closure(chunks, chunksWith(chunks, name))
  const first = asked('web/src/main.tsx').union(asked('pages/clusters/clusters-page.tsx'))
  const topology = asked('pages/cluster/cluster-page.tsx')
  const languages = ['en', 'zh'].map(language => asked(`words/${language}.ts`))
  const weigh = (files: ReadonlySet<string>): number => {
    let bytes = 0
    for (const file of files) bytes += sent(chunks.get(file)?.code ?? '')
    for (const style of stylesOf(chunks, files)) {
      const asset = bundle[style]
      if (asset?.type === 'asset') bytes += sent(asset.source)
    }
    return bytes
  }
  const without = (files: ReadonlySet<string>): ReadonlySet<string> => files.difference(first)
  return [
    { says: 'first page', bytes: weigh(first), bytesMax: 280 * kilobyte },
    { says: 'topology', bytes: weigh(without(topology)), bytesMax: 90 * kilobyte },
    { says: 'language (the larger one)', bytes: Math.max(...languages.map(language => weigh(without(language)))), bytesMax: 25 * kilobyte },
  ]
}

function stylesOf(chunks: ReadonlyMap<string, Rolldown.OutputChunk>, files: ReadonlySet<string>): readonly string[] {
  // The edge: Vite notes here which style sheets belong to a chunk.
  return [...files].flatMap(file => [...((chunks.get(file) as { viteMetadata?: { importedCss: Set<string> } } | undefined)?.viteMetadata?.importedCss ?? [])])
}
