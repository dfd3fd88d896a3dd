import { PerformanceObserver } from 'node:perf_hooks'
import type { MemoryFigures } from '../http/monitoring-routes.ts'

/** The memory of this process in the words of Go, as the original's `/debug/vars` has them: the nearest values. */
export function memoryFigures(): { read(): MemoryFigures; stop(): void } {
  let collections = 0
  let pauseMilliseconds = 0
  let most = 0
  const observer = new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) {
      collections++
      pauseMilliseconds += duration
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return {
    read: () => {
      const { heapUsed, heapTotal, rss, external } = process.memoryUsage()
      most = Math.max(most, heapUsed)
      return {
        Alloc: heapUsed, TotalAlloc: most, Sys: rss, HeapAlloc: heapUsed, HeapSys: heapTotal, HeapIdle: heapTotal - heapUsed, HeapInuse: heapUsed, OtherSys: external,
        NumGC: collections, PauseTotalNs: Math.round(pauseMilliseconds * 1e6),
      }
    },
    stop: () => observer.disconnect(),
  }
}
