import { request } from 'node:http'
import { hostname } from 'node:os'
import { differences } from '../recorded/differences.ts'
import { golden } from '../recorded/recorded-topology.ts'
import { byShape, kept } from './kept.ts'
import { type Recording, recordings } from './recordings.ts'
import { shapeDifferences } from './shape.ts'

export interface Asked {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Beside what varies in every recording: what depends on the servers that were recorded, on when, and on the machine (golden/README.md). */
const alsoVarying: readonly string[] = [
  'LogPos', 'LogFile', 'ExecutedGtidSet', 'GtidPurged', 'ServerUUID', 'MasterUUID', 'AncestryUUID', 'BeginTimestamp', 'SecondsElapsed', 'MaintenanceId', 'Expiration', 'LastSuggestedString',
  'PromotionRuleExpiry', 'DowntimeRemainingSeconds', 'Timestamp', 'FirstSeen', 'LastSeen',
]

/** Of whoever recorded. */
const headers = { 'Accept-Encoding': 'identity', 'Connection': 'close', 'User-Agent': 'Python-urllib/3.11' }

/** Asks a service over the network as whoever recorded asked the original. `inPath`: what its servers are called here. */
export function askOver(address: string, { method, path }: Pick<Recording, 'method' | 'path'>, inPath: (path: string) => string = same): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const asked = request(address + inPath(path), { method, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => void chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString('utf8') }))
    })
    asked.once('error', reject)
    asked.end()
  })
}

const same = (path: string): string => path

/** Where ours differs from the recording of that name, each as `at: what`. */
export function compared(name: string, { status, contentType, body }: Asked, varying: readonly string[] = []): readonly string[] {
  const recording = recordings[name]
  if (recording === undefined) throw new Error(`${name} is no recording`)
  const found: string[] = []
  if (status !== recording.status) found.push(`status: ${recording.status} expected, ${status} found: ${body.slice(0, 300)}`)
  if (contentType.toLowerCase() !== recording.contentType.toLowerCase()) found.push(`type: ${recording.contentType} expected, ${contentType} found`)
  if (recording.method === 'HEAD') return body === '' ? found : [...found, `$: nothing expected, ${JSON.stringify(body)} found`]
  const expected = golden(name)
  if (name.endsWith('.txt')) return body.trimEnd() === expected.trimEnd() ? found : [...found, `$: ${JSON.stringify(expected)} expected, ${JSON.stringify(body)} found`]
  const ours = parsed(body.replaceAll(`:"${hostname()}"`, ':"orc-host"'))
  if (ours === undefined) return [...found, `$: no JSON: ${body.slice(0, 300)}`]
  const wanted: unknown = JSON.parse(expected)
  return [...found, ...(byShape[name] === undefined ? differences(wanted, ours, '$', new Set([...alsoVarying, ...varying])) : shapeDifferences(wanted, ours))]
}

/**
 * What is wrong with what a walk found: differences without an entry, and entries whose difference is gone. `found`: by the recording.
 */
export function wrongOf(found: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...found].flatMap(([name, lines]) => {
    const entries = kept[name] ?? []
    const isOf = (line: string) => ({ at }: { readonly at: string }): boolean => line.startsWith(`${at}: `)
    return [
      ...lines.filter(line => !entries.some(isOf(line))).map(line => `${name}: ${line}`),
      ...entries.filter(entry => !lines.some(line => isOf(line)(entry))).map(({ at }) => `${name}: no longer differs at ${at}, and has an entry that says so`),
    ]
  })
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
