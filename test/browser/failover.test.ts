import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { violations } from './axe.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { ClusterPage, isSamePage, mark } from './cluster-page.ts'
import { startProgram, startShop, type Program } from './program.ts'

let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let page: Page
let former = ''

before(async () => {
  sandbox = await startShop()
  former = sandbox.server('db140').key
  // Hooks that take a moment: a recovery of this small a cluster would be over before anybody could watch it.
  program = await startProgram(sandbox, { isSeeded: true, settings: { PreFailoverProcesses: ['sleep 2'], PostFailoverProcesses: ['echo done'] } })
  browser = await openBrowser({ executable: await chromiumBinary() })
  page = (await browser.page()).page
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

test('a killed primary is seen, recovered and shown live to the end: banner, running recovery, new tree, no reload', async () => {
  const shop = new ClusterPage(page)
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  await shop.card('db143').waitFor()
  await mark(page)
  await sandbox.server('db140').kill()
  await page.getByRole('treeitem', { name: /^db140, .*Unreachable/ }).waitFor({ timeout: 10_000 })
  const banner = page.getByRole('alert').filter({ hasText: 'Recovering' })
  await banner.waitFor({ timeout: 10_000 })
  await page.getByRole('treeitem', { name: /^db14[12], primary, Writable/ }).waitFor({ timeout: 20_000 })
  await page.getByText(/db14[12] is primary since .* \(recovery #\d+/).waitFor({ timeout: 20_000 })
  assert.equal(await isSamePage(page), true)
  await page.getByRole('treeitem', { name: /^db143, replica of db141/ }).waitFor()
})

test('the page of the recovery shows its stages as rows with durations, and its steps in a list with milliseconds', async () => {
  await page.getByRole('link', { name: /See recovery/ }).click()
  await page.getByRole('heading', { name: /Recovery #\d+/ }).waitFor()
  await page.getByText('DeadMaster on', { exact: false }).first().waitFor()
  const timeline = page.getByRole('figure', { name: 'Timeline' })
  await timeline.getByText('whole', { exact: true }).waitFor()
  assert.ok((await timeline.getByRole('button').count()) >= 3, 'several stages')
  await timeline.getByRole('button').first().click()
  await timeline
    .getByText(/\d\d:\d\d:\d\d\.\d{3}/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'List' }).click()
  assert.ok((await page.getByRole('row').count()) > 5)
})

test('the story of the failure is one page, in words and as Markdown and JSON, and the printer gets it without the frame', async () => {
  await page.getByRole('link', { name: 'Story of the failure' }).click()
  await page.getByRole('heading', { name: /^Recovery #\d+: DeadMaster, shop$/ }).waitFor()
  for (const name of ['Topology before', 'Topology after', 'Evidence', 'Decisions and their reasons', 'What was done', 'Rows at risk, as known when it began'])
    await page.getByRole('heading', { name, exact: true }).waitFor()
  assert.equal(await page.getByText('Not recorded.').count(), 0)
  const [before, after] = await page.locator('.story-trees section').allInnerTexts()
  assert.ok(before?.includes('unreachable'), before)
  assert.match(after ?? '', /takes writes/)
  const markdown = await fetch((await page.getByRole('link', { name: 'Markdown' }).getAttribute('href')) ?? '')
  assert.match(await markdown.text(), /^# Recovery #\d+: DeadMaster, shop \(succeeded\)\n/)
  assert.deepEqual(await violations(page), [])
  await page.emulateMedia({ media: 'print' })
  await page.getByRole('navigation', { name: 'Main menu', includeHidden: true }).waitFor({ state: 'hidden' })
  assert.equal(await page.getByRole('button', { name: 'Print' }).count(), 0)
  await page.emulateMedia({ media: 'screen' })
  await page.goBack()
})

test("acknowledging with a comment takes the recovery off the menu's number, in a second tab too, within 2 s", async () => {
  const second = (await browser.page()).page
  await second.goto(`${program.address}/web/clusters`)
  const number = second
    .getByRole('navigation')
    .getByRole('link', { name: /Recoveries/ })
    .getByLabel('1 thing needs a person')
  await number.waitFor()
  await page.getByRole('button', { name: 'Acknowledge…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Acknowledge' }).click()
  await dialog.getByText('A comment is required.').waitFor()
  await dialog.getByLabel('Comment').fill('disk died')
  await dialog.getByRole('button', { name: 'Acknowledge' }).click()
  await page.getByText('disk died').waitFor({ timeout: 15_000 })
  await number.waitFor({ state: 'detached', timeout: 15_000 })
  await second.close()
})

test('the address of the former primary opens the present cluster with a note that names the new primary', async () => {
  await page.goto(`${program.address}/web/cluster/${encodeURIComponent(former)}`)
  await page.getByText(/is a former name of this cluster/).waitFor()
  await page.getByRole('link', { name: 'See the recovery' }).first().waitFor()
  await new ClusterPage(page).card('db143').waitFor()
})
