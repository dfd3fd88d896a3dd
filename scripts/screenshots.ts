/**
 * Makes the pictures of the README and of the first-steps page from the built program and real servers: `node scripts/screenshots.ts` after `npm run build`.
 * The cluster page in both languages and themes, a move being chosen and planned, and a failover's time line.
 * `--all FOLDER [--only PATTERN]`: every page and main dialog, in both languages and themes, at three widths, into that folder: to be looked at, not to be kept.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { type BrowserOptions, openBrowser } from '../test/browser/browser.ts'
import { chromiumBinary } from '../test/browser/chromium.ts'
import { ClusterPage } from '../test/browser/cluster-page.ts'
import { startProgram, startShop } from '../test/browser/program.ts'

const { values } = parseArgs({ options: { all: { type: 'string' }, only: { type: 'string', default: '' } } })
const folder = join(import.meta.dirname, '../docs/images')
const settleMilliseconds = 1200
const executable = await chromiumBinary(line => console.error(line))
if (values.all !== undefined) {
  const { takeEveryPlace } = await import('./screenshots/every-place.ts')
  await takeEveryPlace({ executable, folder: values.all, only: new RegExp(values.only) })
  process.exit(0)
}
mkdirSync(folder, { recursive: true })

async function withPage(options: Omit<BrowserOptions, 'executable'>, work: (page: Page) => Promise<void>): Promise<void> {
  const browser = await openBrowser({ executable, viewport: { width: 1280, height: 640 }, ...options })
  try {
    await work((await browser.page()).page)
  } finally {
    await browser.close()
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(settleMilliseconds)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}

await using sandbox = await startShop()
// Sites are told by the ids of the servers, as a setting lets people do.
await using program = await startProgram(sandbox, {
  isSeeded: true,
  settings: {
    DetectDataCenterQuery: "select if(@@server_id % 2 = 0, 'eu-west-1', 'eu-west-2')",
    PreFailoverProcesses: ['sleep 0.4'],
    PostFailoverProcesses: ['sleep 0.3'],
  },
})
const shop = `${program.address}/web/cluster/alias/shop`

for (const language of ['en', 'zh'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    await withPage({ language, theme }, async page => {
      await page.goto(shop)
      await new ClusterPage(page).card('db143').waitFor()
      await take(page, `cluster-${language}-${theme}`)
    })
  }
}

await withPage({}, async page => {
  const cluster = new ClusterPage(page)
  await page.goto(shop)
  await cluster.card('db143').waitFor()
  await page.waitForTimeout(settleMilliseconds)
  await cluster.dragOver('db142', 'db141')
  await take(page, 'move-choosing')
  await page.mouse.up()
  await page.getByRole('dialog').locator('ol > li').first().waitFor()
  await page.setViewportSize({ width: 1280, height: 720 })
  await take(page, 'move-plan')
})

await withPage({}, async page => {
  await page.goto(shop)
  await new ClusterPage(page).card('db143').waitFor()
  await sandbox.server('db140').kill()
  await page.getByText(/is primary since/).waitFor({ timeout: 30_000 })
  await take(page, 'after-failover')
  await page.getByRole('link', { name: /See recovery/ }).click()
  await page.getByRole('figure').waitFor()
  await take(page, 'recovery')
})
