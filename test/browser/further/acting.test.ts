import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { ClusterPage } from '../cluster-page.ts'
import { startProgram, startShop, type Program } from '../program.ts'

/** What changes servers is tried on one program whose primary is recovered by nobody but a person. */
let sandbox: Sandbox
let program: Program
let browser: TestBrowser
const patience = { timeout: 20_000 }

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true, settings: { RecoverMasterClusterFilters: [], PostMasterFailoverProcesses: ['echo {successorHost} took over'] } })
  browser = await openBrowser({ executable: await chromiumBinary() })
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

async function openShop(path = '/web/cluster/alias/shop'): Promise<{ readonly shop: ClusterPage; readonly page: Page; readonly posted: readonly string[] }> {
  const { page } = await browser.page()
  const posted: string[] = []
  page.on('request', request => {
    if (request.method() === 'POST' && request.url().includes('/operations/') && request.postDataJSON()?.dryRun !== true) posted.push(request.url().replace(/.*\/operations\//, ''))
  })
  await page.goto(`${program.address}${path}`)
  const shop = new ClusterPage(page)
  await shop.card('db143').waitFor(patience)
  return { shop, page, posted }
}

const reading = /^(returned-primaries|clone-progress|cluster-)/
const changes = (posted: readonly string[]): readonly string[] => posted.filter(name => !reading.test(name))

test('the grip of db140 dragged onto db141 plans its other replicas alone, each of them named, and runs nothing by the drop', async () => {
  const { shop, page, posted } = await openShop()
  await shop.card('db140').hover()
  const box = await shop.card('db140').getByTitle('Drag to move all replicas of db140').boundingBox()
  assert.ok(box)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + 30, box.y + 30, { steps: 3 })
  await page.getByRole('status').filter({ hasText: '2 replicas of db140' }).waitFor(patience)
  const target = await shop.card('db141').boundingBox()
  assert.ok(target)
  await page.mouse.move(target.x + 60, target.y + 30, { steps: 4 })
  await page.getByText(/Make 2 replicas of db140 replicate from db141/).waitFor(patience)
  await page.mouse.up()
  const dialog = page.getByRole('dialog', { name: 'Move the replicas of db140' })
  await dialog.getByRole('listitem').filter({ hasText: 'db142' }).first().waitFor(patience)
  assert.equal(await dialog.locator('.plan-steps > li').filter({ hasText: 'db141' }).filter({ hasNotText: 'db142' }).count(), 0)
  assert.deepEqual(changes(posted), [])
  await page.close()
})
