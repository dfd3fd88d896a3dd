import type { BrowserContext, Page } from 'playwright-core'

/** What runs inside of the page before anything of its own: notes the first card and row that is painted, and the longest time nothing could be painted. Plain JavaScript, since it is sent as text. */
export const watchScript = `
window.seen = { card: null, row: null }
const look = () => {
  for (const [name, what] of [['card', '[role=treeitem] .card'], ['row', 'tbody tr, [role=row] [role=gridcell], .row-link']])
    if (window.seen[name] === null && document.querySelector(what) !== null) {
      window.seen[name] = -1
      requestAnimationFrame(() => setTimeout(() => { window.seen[name] = performance.now() }))
    }
}
new MutationObserver(look).observe(document, { childList: true, subtree: true })
window.frames_ = []
window.isWatching = false
let last = 0
const frame = now => {
  if (window.isWatching && last !== 0) window.frames_.push(now - last)
  last = now
  requestAnimationFrame(frame)
}
requestAnimationFrame(frame)
window.longest = []
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.longest.push(entry.duration) }).observe({ type: 'longtask' })
`

/** Milliseconds from the beginning of the navigation until the first card, or row, was painted. */
export async function untilPainted(page: Page, what: 'card' | 'row', millisecondsMax = 60_000): Promise<number> {
  const deadline = performance.now() + millisecondsMax
  while (performance.now() < deadline) {
    const at: unknown = await page.evaluate(`window.seen?.${what} ?? null`)
    if (typeof at === 'number' && at > 0) return at
    await page.waitForTimeout(20)
  }
  throw new Error(`no ${what} was painted within ${millisecondsMax} ms`)
}

/** Milliseconds of CPU that the pages of this browser, and what paints them, have taken: beside other work they say more than the clock. */
export async function cpuOf(context: BrowserContext): Promise<() => Promise<number>> {
  const session = await context.browser()?.newBrowserCDPSession()
  if (session === undefined) throw new Error('the browser does not say what its processes cost')
  return async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU').reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
  }
}

export interface Frames {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly longest: number
  /** The longest task of the page's own thread; 0: none took 50 ms. */
  readonly longestTask: number
  /** Milliseconds. */
  readonly cpu: number
}

/** The times between frames while something is done. */
export async function framesWhile(page: Page, cpu: () => Promise<number>, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate('void (window.frames_ = [], window.longest = [], window.isWatching = true)')
  const before = await cpu()
  await act()
  await page.waitForTimeout(100)
  const cost = (await cpu()) - before
  // The edge: what the script above gathers.
  const { frames, tasks } = (await page.evaluate('window.isWatching = false, { frames: window.frames_, tasks: window.longest }')) as { frames: number[]; tasks: number[] }
  const sorted = frames.toSorted((left, right) => left - right)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { count: sorted.length, median: at(0.5), p95: at(0.95), longest: sorted.at(-1) ?? Number.NaN, longestTask: Math.max(0, ...tasks), cpu: cost }
}

export interface TabCost {
  /** Of JavaScript, after what nobody holds was thrown away. */
  readonly heapMegabytes: number
  readonly elements: number
}

export async function tabCost(page: Page): Promise<TabCost> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return { heapMegabytes: usedSize / 2 ** 20, elements: Number(await page.evaluate('document.querySelectorAll("*").length')) }
}

/** The share of a core that the browser's pages take while they are left alone, in percent. */
export async function busyShare(page: Page, cpu: () => Promise<number>, milliseconds: number): Promise<number> {
  const [before, began] = [await cpu(), performance.now()]
  await page.waitForTimeout(milliseconds)
  return (((await cpu()) - before) / (performance.now() - began)) * 100
}
