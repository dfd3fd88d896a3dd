/** `npm run bench:page -- --servers 1000`: the built page in a real browser over many servers: drawing, panning, lists, memory. See ../README.md. */
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openBrowser, type TestBrowser } from '../../test/browser/browser.ts'
import { chromiumBinary } from '../../test/browser/chromium.ts'
import { startFleetProgram } from '../../test/browser/fleet-program.ts'
import { startProgram, startShop } from '../../test/browser/program.ts'
import { machine, median, table } from '../figures.ts'
import { busyShare, cpuOf, framesWhile, tabCost, untilPainted, watchScript, type Frames } from './in-page.ts'

const { values: options } = parseArgs({
  options: {
    /** Of the one cluster that is drawn. */
    servers: { type: 'string', default: '1000' },
    /** Another fleet after it, for the lists; 0: none. */
    clusters: { type: 'string', default: '300' },
    'cluster-size': { type: 'string', default: '10' },
    troubled: { type: 'string', default: '60' },
    poll: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    /** Only this: how long a change of a real server takes until the page says it. */
    real: { type: 'boolean', default: false },
    /** Seconds that the page is left alone. */
    idle: { type: 'string', default: '20' },
    /** A folder for a picture of each page. */
    pictures: { type: 'string' },
  },
})
const [servers, clusters, clusterSize, troubled, rounds, idleSeconds] = [options.servers, options.clusters, options['cluster-size'], options.troubled, options.rounds, options.idle]
  .map(Number) as [number, number, number, number, number, number]
const settings = { InstancePollSeconds: Number(options.poll) }
const viewport = { width: 1440, height: 900 }
const executable = await chromiumBinary()
const ms = (value: number): string => value.toFixed(0)
console.log(machine())

if (options.real) await changes()
else {
  if (servers > 0) await drawing()
  if (clusters > 0) await lists()
}

async function drawing(): Promise<void> {
  await using big = await startFleetProgram({ servers, clusterSize: servers, troubled, settings })
  const browser = await openBrowser({ executable, viewport, isMoving: true })
  const cpu = await cpuOf(browser.context)
  try {
    const address = `${big.program.address}/web/cluster/${big.primary}`
    const first = await opened(browser, cpu, address, 'card')
    const again: number[] = []
    const costs: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { page, painted, cost } = await opened(browser, cpu, address, 'card')
      again.push(painted)
      costs.push(cost)
      await page.close()
    }
    const { page } = first
    await page.bringToFront()
    await page.waitForTimeout(1000)
    const cards = Number(await page.evaluate('document.querySelectorAll("[role=treeitem]").length'))
    const cost = await tabCost(page)
    await picture(page, `topology-${servers}`)
    const idle = await framesWhile(page, cpu, () => page.waitForTimeout(2000))
    const idleShare = await busyShare(page, cpu, idleSeconds * 1000)
    const pan = await framesWhile(page, cpu, () => panned(page, 2000))
    const fit = await framesWhile(page, cpu, async () => {
      await page.getByRole('button', { name: 'Fit all' }).click()
      await page.waitForTimeout(1200)
    })
    const cardsFitted = Number(await page.evaluate('document.querySelectorAll("[role=treeitem]").length'))
    await picture(page, `topology-${servers}-fit`)
    const panFitted = await framesWhile(page, cpu, () => panned(page, 2000))
    const zoom = await framesWhile(page, cpu, () => zoomed(page))
    await picture(page, `topology-${servers}-zoomed`)
    const unfold = await framesWhile(page, cpu, async () => {
      await page.locator('.topology-bar select').first().selectOption('nothing')
      await page.waitForTimeout(1500)
    })
    const unfoldedCards = Number(await page.evaluate('document.querySelectorAll("[role=treeitem]").length'))
    const unfoldedPan = await framesWhile(page, cpu, () => panned(page, 2000))
    const unfoldedFit = await framesWhile(page, cpu, async () => {
      await page.getByRole('button', { name: 'Fit all' }).click()
      await page.waitForTimeout(1200)
    })
    const allCards = Number(await page.evaluate('document.querySelectorAll("[role=treeitem]").length'))
    const allPan = await framesWhile(page, cpu, () => panned(page, 2000))
    await picture(page, `topology-${servers}-unfolded`)
    const costAll = await tabCost(page)
    console.log(`\nOne cluster of ${servers} servers, ${troubled} in trouble, a poll every ${options.poll} s`)
    console.log(`first card painted: ${ms(first.painted)} ms with an empty cache (${ms(first.cost)} ms of CPU), ${ms(median(again))} ms again (${ms(median(costs))}; medians of ${rounds}); ${first.requests} requests of the API, ${first.kilobytes.toFixed(0)} kB`)
    console.log(`${cards} cards, ${cost.elements} elements, ${cost.heapMegabytes.toFixed(0)} MiB of heap; unfolded and fitted ${allCards} cards, ${costAll.elements} elements, ${costAll.heapMegabytes.toFixed(0)} MiB; left alone ${idleShare.toFixed(1)} % of a core`)
    console.log(table(['', 'frames', 'median', 'p95', 'longest', 'longest task, ms', 'CPU, ms'], [
      row('left alone', idle), row('panning', pan), row('fit', fit), row(`panning, fitted (${cardsFitted} cards)`, panFitted), row('zooming in and out', zoom),
      row(`unfolding (${unfoldedCards} cards)`, unfold), row('panning, unfolded', unfoldedPan), row('fit, unfolded', unfoldedFit), row(`panning, unfolded and fitted (${allCards} cards)`, allPan),
    ]))
  } finally {
    await browser.close()
  }
}

/** A replica's applier is stopped, and started again: until its card says so, from before the statement was sent. */
async function changes(): Promise<void> {
  await using sandbox = await startShop()
  await using program = await startProgram(sandbox, { isSeeded: true, settings })
  const browser = await openBrowser({ executable, viewport, isMoving: true })
  try {
    const { page } = await browser.page()
    await page.goto(`${program.address}/web/cluster/alias/shop`)
    await page.getByRole('treeitem', { name: /^db142,.*Replicating/ }).waitFor()
    await page.evaluate(`void (window.told = () => {
      const texts = [...document.querySelectorAll('[role=treeitem] .visually-hidden')].map(each => each.textContent)
      return texts.find(each => each.startsWith('db142,')) ?? ''
    })`)
    const took: Record<'stopped' | 'started', number[]> = { stopped: [], started: [] }
    for (let round = 0; round < rounds; round++) {
      for (const [what, sql, words] of [['stopped', 'STOP REPLICA SQL_THREAD', 'Stopped'], ['started', 'START REPLICA SQL_THREAD', 'Replicating']] as const) {
        // At another moment of the polls each time.
        await page.waitForTimeout(500 + Math.random() * 2000)
        await page.evaluate(`void (window.changedAt = null, window.watching = new MutationObserver(() => {
          if (window.changedAt === null && window.told().includes('${words}')) window.changedAt = Date.now()
        }), window.watching.observe(document.body, { childList: true, subtree: true, characterData: true }))`)
        const began = Date.now()
        await sandbox.server('db142').sql(sql)
        while ((await page.evaluate('window.changedAt')) === null) await page.waitForTimeout(50)
        took[what].push(Number(await page.evaluate('window.watching.disconnect(), window.changedAt')) - began)
      }
    }
    console.log(`\nFrom a real server's change to the page, ${rounds} rounds, a poll every ${options.poll} s, milliseconds`)
    console.log(table(['an applier', 'median', 'shortest', 'longest'], Object.entries(took).map(([what, times]) => [what, ms(median(times)), ms(Math.min(...times)), ms(Math.max(...times))])))
  } finally {
    await browser.close()
  }
}

async function lists(): Promise<void> {
  const count = clusters * clusterSize
  await using many = await startFleetProgram({ servers: count, clusterSize, troubled, settings })
  const browser = await openBrowser({ executable, viewport, isMoving: true })
  const cpu = await cpuOf(browser.context)
  try {
    const rows: string[][] = []
    for (const [name, path] of [['Clusters', '/web/clusters'], ['Problems', '/web/clusters-analysis'], ['Servers', '/web/search']] as const) {
      const { page, painted, cost, requests, kilobytes } = await opened(browser, cpu, many.program.address + path, 'row')
      await page.waitForTimeout(1000)
      await picture(page, `${name.toLowerCase()}-${count}`)
      const { elements, heapMegabytes } = await tabCost(page)
      const scroll = await framesWhile(page, cpu, () => scrolled(page))
      const filter = page.locator('input').first()
      const typing = await framesWhile(page, cpu, async () => {
        await filter.click()
        await page.keyboard.type('127.20.3', { delay: 60 })
        await page.waitForTimeout(300)
      })
      const share = await busyShare(page, cpu, (idleSeconds * 1000) / 2)
      rows.push([name, ms(painted), ms(cost), String(requests), kilobytes.toFixed(0), String(elements), heapMegabytes.toFixed(0), ms(scroll.p95), ms(scroll.longest), ms(typing.p95), ms(typing.longestTask), ms(typing.cpu), share.toFixed(1)])
      await page.close()
    }
    console.log(`\n${clusters} clusters, ${count} servers, ${troubled} in trouble`)
    console.log(table(['page', 'first row, ms', 'CPU, ms', 'requests', 'kB', 'elements', 'heap, MiB', 'scroll p95', 'longest', 'typing p95', 'longest task, ms', 'CPU, ms', 'left alone, % of a core'], rows))
  } finally {
    await browser.close()
  }
}

interface Opened {
  readonly page: Page
  readonly painted: number
  /** Milliseconds of CPU until then. */
  readonly cost: number
  readonly requests: number
  readonly kilobytes: number
}

async function opened(browser: TestBrowser, cpu: () => Promise<number>, address: string, what: 'card' | 'row'): Promise<Opened> {
  const { page, requests, complaints } = await browser.page()
  await page.addInitScript(watchScript)
  const before = await cpu()
  await page.goto(address, { waitUntil: 'commit' })
  const painted = await untilPainted(page, what)
  const cost = (await cpu()) - before
  await page.waitForTimeout(500)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  const kilobytes = Number(await page.evaluate("performance.getEntriesByType('resource').filter(each => each.name.includes('/api/')).reduce((sum, each) => sum + each.encodedBodySize, 0)")) / 1000
  return { page, painted, cost, requests: requests.filter(each => each.includes('/api/')).length, kilobytes }
}

/** Drags the empty place between cards to and fro. */
async function panned(page: Page, milliseconds: number): Promise<void> {
  const box = await page.locator('.tree-pane').boundingBox()
  if (box === null) throw new Error('the tree is not on the screen')
  const [x, y] = [box.x + box.width - 30, box.y + 20]
  await page.mouse.move(x, y)
  await page.mouse.down()
  const began = performance.now()
  for (let step = 0; performance.now() - began < milliseconds; step++) {
    await page.mouse.move(x - Math.abs(((step * 9) % 800) - 400), y + Math.abs(((step * 7) % 600) - 300))
  }
  await page.mouse.up()
}

/** Through all levels of detail and back. */
async function zoomed(page: Page): Promise<void> {
  await page.mouse.move(700, 500)
  for (const sign of [1, -1, 1, -1]) {
    for (let step = 0; step < 20; step++) {
      await page.mouse.wheel(0, sign * 100)
      await page.waitForTimeout(16)
    }
  }
}

async function scrolled(page: Page): Promise<void> {
  await page.mouse.move(700, 600)
  for (let step = 0; step < 80; step++) {
    await page.mouse.wheel(0, step < 60 ? 400 : -900)
    await page.waitForTimeout(16)
  }
}

function row(name: string, { count, median: middle, p95, longest, longestTask, cpu: cost }: Frames): string[] {
  return [name, String(count), ms(middle), ms(p95), ms(longest), ms(longestTask), ms(cost)]
}

async function picture(page: Page, name: string): Promise<void> {
  if (options.pictures !== undefined) await page.screenshot({ path: `${options.pictures}/${name}.png` })
}
