import { type Answer, json, plainText } from './exchange.ts'
import { here, type Route } from './router.ts'

/** In Go's words: bytes, but for the last two. */
export interface MemoryFigures {
  readonly Alloc: number
  /** What was ever allocated is not known here: the most that was in use when somebody looked. */
  readonly TotalAlloc: number
  readonly Sys: number
  readonly HeapAlloc: number
  readonly HeapSys: number
  readonly HeapIdle: number
  readonly HeapInuse: number
  readonly OtherSys: number
  readonly NumGC: number
  readonly PauseTotalNs: number
}

export interface MonitoringParts {
  figures(): ReadonlyMap<string, number>
  readonly commandLine: readonly string[]
  memory(): MemoryFigures
  readonly prometheus: { readonly contentType: string; text(): Promise<string> }
}

/** What monitoring systems fetch, of the manager that is asked: the original's `/debug/metrics` and `/debug/vars`, and `/metrics` for Prometheus. */
export function monitoringRoutes({ figures, commandLine, memory, prometheus }: MonitoringParts): readonly Route[] {
  const vars = (): Answer => json(sorted({ ...Object.fromEntries(figures()), cmdline: commandLine, memstats: memory() }))
  const route = (pattern: string, answer: () => Answer | Promise<Answer>): Route => ({ method: 'GET', pattern, answer, isHere: here })
  return [
    route('/debug/metrics', vars),
    route('/debug/vars', vars),
    route('/metrics', async () => plainText(await prometheus.text(), 200, { 'Content-Type': prometheus.contentType, 'Cache-Control': 'no-store' })),
  ]
}

const sorted = (object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1)))
