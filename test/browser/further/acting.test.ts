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

test('a planned takeover waits while the replica lags too much, goes on by itself when it has caught up, tells how long writes were paused, and leaves nothing red', async () => {
  await sandbox.server('db142').sql('STOP REPLICA SQL_THREAD')
  const { page } = await openShop(`/web/cluster/alias/shop?do=takeover&to=${encodeURIComponent(sandbox.server('db142').key)}`)
  const dialog = page.getByRole('dialog', { name: 'Planned takeover of shop' })
  await dialog.getByText('The lag of db142 is unknown').or(dialog.getByText(/db142 lags .* is allowed/)).waitFor(patience)
  await dialog.getByText('This is not possible').waitFor(patience)
  assert.equal(await dialog.getByRole('button', { name: /^Promote|^Run/ }).count(), 0)
  await sandbox.server('db142').sql('START REPLICA SQL_THREAD')
  const promote = dialog.getByRole('button', { name: 'Promote db142' })
  await promote.waitFor(patience)
  await dialog.getByText('All replicas replicate').waitFor(patience)
  await dialog.getByText('writes stop').waitFor()
  await dialog.getByText('writes resume').waitFor()
  await dialog.getByLabel('Reason').fill('the disk of db140 is replaced')
  assert.equal(await promote.isDisabled(), true)
  await dialog.getByLabel('Type shop to confirm').fill('shop')
  await promote.click()
  await dialog.getByText(/Writes were paused \d+/).waitFor(patience)
  await dialog.getByText('db142 is the primary now.').waitFor(patience)
  await dialog.getByText('db140 follows it.').waitFor(patience)
  await dialog.getByRole('button', { name: 'Switch back…' }).click()
  await dialog.getByText('Hand over from db142 to db140').waitFor(patience)
  await page.keyboard.press('Escape')
  await page.getByText(/db142 took over as planned at/).waitFor(patience)
  await page.getByText('4 well').waitFor(patience)
  assert.equal(await page.getByRole('alert').count(), 0)
  await page.close()
})
