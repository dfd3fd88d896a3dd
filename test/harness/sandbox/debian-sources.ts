import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

interface Source {
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly signedBy: string | undefined
}

/** One source in apt's own format for another suite of the archive that this machine already installs from, with the same signing key. */
export async function archiveSource(suite: string, etc = '/etc'): Promise<string> {
  const codename = /^VERSION_CODENAME="?([\w-]+)"?$/m.exec(await readFile(join(etc, 'os-release'), 'utf8').catch(() => ''))?.[1]
  const archiveSuites = new Set([codename, 'oldstable', 'stable', 'testing', 'unstable', 'sid'])
  const sources = await machineSources(join(etc, 'apt'))
  const archive = sources.find(source => source.suites.some(name => archiveSuites.has(name)))
  if (!archive) throw new Error('No source of the Debian archive is configured in apt on this machine; set MYSQLD to an installed mysqld instead')
  const signedBy = archive.signedBy === undefined ? '' : `Signed-By: ${archive.signedBy}\n`
  return `Types: deb\nURIs: ${archive.uris.join(' ')}\nSuites: ${suite}\nComponents: main\n${signedBy}`
}

async function machineSources(folder: string): Promise<Source[]> {
  const parts = await readdir(join(folder, 'sources.list.d')).catch(() => [])
  const files = [join(folder, 'sources.list'), ...parts.sort().map(name => join(folder, 'sources.list.d', name))]
  const sources: Source[] = []
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (file.endsWith('.sources')) sources.push(...parseStanzas(text))
    else if (file.endsWith('.list')) sources.push(...parseLines(text))
  }
  return sources
}

/** The format of `sources.list`: `deb [signed-by=…] URI SUITE COMPONENT…`. */
export function parseLines(text: string): Source[] {
  return text.split('\n').flatMap(line => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)/.exec(line)
    const [, options = '', uri, suite] = match ?? []
    if (uri === undefined || suite === undefined) return []
    return [{ uris: [uri], suites: [suite], signedBy: /signed-by=(\S+)/i.exec(options)?.[1] }]
  })
}

/** The format of `*.sources`: stanzas of `Field: value`, continued by lines that begin with a space. */
export function parseStanzas(text: string): Source[] {
  const withoutComments = text.split('\n').filter(line => !line.startsWith('#')).join('\n')
  return withoutComments.split(/\n\s*\n/).flatMap(stanza => {
    const fields = new Map(stanza.split(/\n(?![ \t])/).map(field => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim()] as const
    }))
    const words = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean)
    if (!words('types').includes('deb') || fields.get('enabled') === 'no') return []
    return [{ uris: words('uris'), suites: words('suites'), signedBy: keyField(fields.get('signed-by')) }]
  })
}

/** A path stays a word; a key that is written out keeps its lines, which must begin with a space. */
function keyField(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value.replaceAll(/\n[ \t]*/g, '\n ')
}
