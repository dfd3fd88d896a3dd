import type { Rolldown } from 'vite'

/** What is loaded together, and the files that ask for it. */
const together: readonly (readonly [name: string, files: readonly string[]])[] = [
  ['first', ['web/src/main.tsx', 'pages/clusters/clusters-page.tsx']],
  ['topology', ['pages/cluster/cluster-page.tsx']],
]

type Output = Rolldown.RolldownOutput['output']

/**
 * Cut by who shares what with whom, the first page comes in sixty pieces, each compressed by itself: together they are a sixteenth smaller, and one request.
 * What belongs together is only known when everything that is not used is gone, so the page is built twice: answers, from the first time, how to cut the second.
 */
export function pageChunks(output: Output): (id: string) => string | null {
  const chunks = new Map(output.flatMap(each => (each.type === 'chunk' ? [[each.fileName, each] as const] : [])))
  const groupOf = new Map<string, string>()
  for (const [name, files] of together) {
    for (const file of closure(chunks, files.flatMap(each => chunksWith(chunks, each)))) {
      for (const id of chunks.get(file)?.moduleIds ?? []) if (!groupOf.has(id)) groupOf.set(id, name)
    }
  }
  return id => groupOf.get(id) ?? null
}

/** The files in which a module stands. */
export function chunksWith(chunks: ReadonlyMap<string, Rolldown.OutputChunk>, name: string): readonly string[] {
  const found = [...chunks.values()].filter(({ moduleIds }) => moduleIds.some(id => id.endsWith(name))).map(({ fileName }) => fileName)
  if (found.length === 0) throw new Error(`the page is cut and weighed by its files, and ${name} is none of them`)
  return found
}

/** These files and all that they cannot run without. */
export function closure(chunks: ReadonlyMap<string, Rolldown.OutputChunk>, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const visit = (file: string): void => {
    const chunk = chunks.get(file)
    if (chunk === undefined || seen.has(file)) return
    seen.add(file)
    for (const each of chunk.imports) visit(each)
  }
  for (const file of from) visit(file)
  return seen
}
