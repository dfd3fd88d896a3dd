import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { openBrowser, type TestBrowser, type WatchedPage } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { until } from '../cluster-page.ts'
import { startFleetProgram, type FleetProgram } from '../fleet-program.ts'

const patience = { timeout: 60_000 }
const [servers, troubled] = [1000, 60]
let big: FleetProgram
let browser: TestBrowser

before(async () => {
  big = await startFleetProgram({ servers, clusterSize: servers, troubled, settings: { InstancePollSeconds: 5 } })
  browser = await openBrowser({ executable: await chromiumBinary(), viewport: { width: 1440, height: 900 } })
})

after(async () => {
  await browser?.close()
  await big?.[Symbol.asyncDispose]()
})

const nameOfPrimary = '127.20.1.1'
const primaryIn = (page: Page): Locator => page.getByRole('treeitem', { name: new RegExp(`^${nameOfPrimary.replaceAll('.', '[.]')}, primary`) })
const cardsIn = (page: Page): Promise<number> => page.getByRole('treeitem').count()

async function openBig(): Promise<WatchedPage> {
  const watched = await browser.page()
  await watched.page.goto(`${big.program.address}/web/cluster/${big.primary}`)
  await primaryIn(watched.page).waitFor(patience)
  return watched
}

test('a cluster of 1,000 servers opens at its primary, in letters of 12 px and more, with at most 200 cards and six requests', async () => {
  const { page, requests, complaints } = await openBig()
  const primary = primaryIn(page)
  const box = await primary.boundingBox()
  const pane = await page.locator('.tree-pane').boundingBox()
  assert.ok(box !== null && pane !== null)
  assert.ok(box.x >= pane.x && box.y >= pane.y && box.x + box.width <= pane.x + pane.width && box.y + box.height <= pane.y + pane.height, JSON.stringify({ box, pane }))
  // What a letter measures on the screen: its size in the card, and how much smaller the card is drawn than it is.
  const letters = Number(await page.evaluate(`(() => {
    const card = [...document.querySelectorAll('[role=treeitem]')].find(each => each.textContent.startsWith('${nameOfPrimary}, primary'))
    const sizes = [...card.querySelectorAll('.card-face span')].map(each => parseFloat(getComputedStyle(each).fontSize))
    return Math.min(...sizes) * card.getBoundingClientRect().width / card.offsetWidth
  })()`))
  assert.ok(letters >= 12, `${letters} px`)
  const cards = await cardsIn(page)
  assert.ok(cards > 20 && cards <= 200, `${cards} cards`)
  const asked = requests.filter(address => address.includes('/api/'))
  assert.ok(asked.length <= 6, asked.join('\n'))
  assert.deepEqual(complaints, [])
  await page.close()
})

test('panning 1,000 servers draws no card anew and asks for no picture; fit brings every card into view', async () => {
  const { page, requests } = await openBig()
  const pane = await page.locator('.tree-pane').boundingBox()
  assert.ok(pane !== null)
  const primary = primaryIn(page)
  const [was, cards, asked] = [await primary.boundingBox(), await cardsIn(page), requests.length]
  await page.evaluate(`void (window.made = 0, new MutationObserver(changes => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.classList?.contains('react-flow__node')) window.made++
  }).observe(document.querySelector('.tree-pane'), { childList: true, subtree: true }))`)
  const [x, y] = [pane.x + pane.width - 20, pane.y + 20]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 0; step <= 40; step++) await page.mouse.move(x - step * 10, y + step * 5)
  await page.mouse.up()
  const now = await primary.boundingBox()
  assert.deepEqual([Math.round((now?.x ?? 0) - (was?.x ?? 0)), Math.round((now?.y ?? 0) - (was?.y ?? 0))], [-400, 200])
  assert.equal(await page.evaluate('window.made'), 0)
  await page.getByRole('button', { name: 'Fit all' }).click()
  await until(page, `(() => {
    const pane = document.querySelector('.tree-pane').getBoundingClientRect()
    return [...document.querySelectorAll('[role=treeitem]')].every(each => {
      const box = each.getBoundingClientRect()
      return box.left >= pane.left - 1 && box.top >= pane.top - 1 && box.right <= pane.right + 1 && box.bottom <= pane.bottom + 1
    })
  })()`, 60_000)
  assert.equal(await cardsIn(page), cards)
  assert.deepEqual(requests.slice(asked).filter(address => address.includes('/clusters')), [])
  await page.close()
})

test('one replica of 1,000 that breaks is counted and drawn without a reload, and so is its recovery', async () => {
  const { page } = await openBig()
  const count = page.getByRole('button', { name: '30 critical' })
  await count.waitFor(patience)
  const broken = 997
  await big.fleet.trouble([broken], 'applier-error')
  await page.getByRole('button', { name: '31 critical' }).waitFor(patience)
  await big.fleet.trouble([broken], null)
  await count.waitFor(patience)
  await page.close()
})
