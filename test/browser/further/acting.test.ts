import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { ClusterPage, settled } from '../cluster-page.ts'
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
  // db141 itself stays where it is.
  await page.getByText(/Make 1 replica of db140 replicate from db141/).waitFor(patience)
  await page.mouse.up()
  const dialog = page.getByRole('dialog', { name: 'Move the replicas of db140' })
  await dialog.getByRole('listitem').filter({ hasText: 'db142' }).first().waitFor(patience)
  assert.equal(await dialog.locator('.plan-steps > li').filter({ hasText: 'db141' }).filter({ hasNotText: 'db142' }).count(), 0)
  assert.deepEqual(changes(posted), [])
  await page.close()
})

test('the move is done on a telephone too: list, menu, servers with their verdicts, plan, and its address opens the same plan', async () => {
  const phone = await openBrowser({ executable: await chromiumBinary(), viewport: { width: 390, height: 844 }, isTouch: true })
  try {
    const { page } = await phone.page()
    await page.goto(`${program.address}/web/cluster/alias/shop?view=list`)
    await page.getByRole('button', { name: 'Actions on db142' }).tap(patience)
    const menu = page.getByRole('menu', { name: /^Actions on db142/ })
    await settled(menu)
    await menu.getByRole('menuitem', { name: 'Move…', exact: true }).tap()
    await page.getByRole('option', { name: /db143/ }).tap(patience)
    const dialog = page.getByRole('dialog', { name: 'Move db142' })
    await dialog.getByText('To undo:').waitFor(patience)
    const run = dialog.getByRole('button', { name: 'Move db142' })
    await run.scrollIntoViewIfNeeded()
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    await run.tap()
    await dialog.getByText('Done', { exact: true }).waitFor(patience)
    await dialog.getByRole('button', { name: 'Undo…' }).tap()
    await dialog.getByText('Make db142 a replica of db140').waitFor(patience)
    await dialog.getByRole('button', { name: 'Move db142' }).tap()
    await dialog.getByText('Done', { exact: true }).waitFor(patience)
  } finally {
    await phone.close()
  }
  await sandbox.untilReplicating('db142')
})

test('an address opens a plan and runs nothing; one that names no act of this page is refused', async () => {
  const [host, port] = sandbox.server('db142').key.split(':')
  const input = JSON.stringify({ instance: `${host}:${port}`, destination: sandbox.server('db143').key })
  const { page, posted } = await openShop(`/web/cluster/instance/${host}/${port}?do=plan&operation=relocate&input=${encodeURIComponent(input)}`)
  const dialog = page.getByRole('dialog', { name: 'Move db142' })
  await dialog.getByText('Make db142 a replica of db143').waitFor(patience)
  await dialog.getByText('move db142 below db140 (offered after success)').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.waitForURL(url => !url.search.includes('do='))
  assert.deepEqual(changes(posted), [])
  await page.goto(`${program.address}/web/cluster/alias/shop?do=plan&operation=forget&input=${encodeURIComponent(input)}`)
  await page.getByRole('alert').filter({ hasText: 'This address names no act' }).waitFor(patience)
  assert.equal(await page.getByRole('dialog').count(), 0)
  await page.close()
})

test('when the target stops between plan and run nothing is run, and the dialog says why', async () => {
  const { shop, page } = await openShop()
  await shop.card('db142').focus()
  await page.keyboard.press('m')
  await page.getByRole('option', { name: /db143/ }).click(patience)
  const dialog = page.getByRole('dialog', { name: 'Move db142' })
  const run = dialog.getByRole('button', { name: 'Move db142' })
  await run.waitFor(patience)
  await sandbox.server('db143').kill()
  await run.click()
  await dialog.getByRole('alert').filter({ hasText: 'This is not possible' }).filter({ hasText: 'db143' }).waitFor(patience)
  const [source] = await sandbox.server('db142').sql('SELECT PORT FROM performance_schema.replication_connection_configuration')
  assert.equal(Number(source?.['PORT']), sandbox.server('db140').port)
  await sandbox.server('db143').start()
  await sandbox.server('db143').sql('SET GLOBAL super_read_only = ON')
  await sandbox.untilReplicating('db143')
  await page.keyboard.press('Escape')
  await page.getByRole('treeitem', { name: /^db143, .*Replicating/ }).waitFor(patience)
  await page.close()
})

test('a downtime of two chosen servers stands on both cards', async () => {
  const { shop, page } = await openShop()
  for (const name of ['db141', 'db142']) await shop.card(name).click({ modifiers: ['Control'] })
  await page.getByRole('toolbar', { name: 'What to do with the chosen servers' }).getByRole('button', { name: 'Downtime…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Downtime for 2 servers' })
  await dialog.getByLabel('Reason').fill('backup')
  await dialog.getByLabel('By').fill('bob')
  await dialog.getByRole('button', { name: 'Begin downtime' }).click()
  for (const name of ['db141', 'db142']) await shop.card(name).getByText(/until .* · bob/).waitFor(patience)
  await page.getByRole('button', { name: 'End downtime' }).first().click()
  for (const name of ['db141', 'db142']) await shop.card(name).getByText(/until .* · bob/).waitFor({ state: 'detached', ...patience })
  await page.close()
})

test('an act that fails on its server says which step, what the server answered and what holds now, and all of it can be copied and tried again', async () => {
  const { shop, page } = await openShop()
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await shop.card('db142').click({ button: 'right' })
  const menu = page.getByRole('menu', { name: /^Actions on db142/ })
  await menu.getByRole('menuitem', { name: 'Binary logs and statements' }).click()
  await menu.getByRole('menuitem', { name: 'End a statement…' }).click()
  await page.getByRole('dialog').getByRole('textbox').first().fill('999999')
  await page.getByRole('button', { name: 'Show the plan' }).click()
  const dialog = page.getByRole('dialog', { name: 'End the statement of a thread on db142?' })
  await dialog.getByText('nothing brings it back').waitFor(patience)
  await dialog.getByLabel('Type db142 to confirm').fill('db142')
  await dialog.getByRole('button', { name: 'End the statement' }).click()
  const toast = page.getByRole('alert').filter({ hasText: 'Step 1, db142' })
  await toast.getByText(/Unknown thread id: 999999/).first().waitFor(patience)
  await toast.getByText(/^Now: /).waitFor()
  await toast.getByRole('button', { name: 'Copy details' }).click()
  const copied = String(await page.evaluate('navigator.clipboard.readText()'))
  for (const part of [/kill-query/, /Unknown thread id: 999999/, /failed/]) assert.match(copied, part)
  await toast.getByRole('button', { name: 'Try again…' }).click()
  await dialog.getByLabel('Type db142 to confirm').waitFor(patience)
  await page.close()
})

test('forgetting, resetting and replacing by force wait for a name typed exactly; Enter alone runs none of them, and none has the focus at first', async () => {
  const { shop, page, posted } = await openShop()
  const waits = async (dialog: Locator, run: RegExp, word: string, almost: string): Promise<void> => {
    const button = dialog.getByRole('button', { name: run })
    await button.waitFor(patience)
    assert.notEqual(await page.evaluate('document.activeElement?.textContent'), await button.textContent())
    const field = dialog.getByLabel(`Type ${word} to confirm`)
    await field.fill(almost)
    await field.press('Enter')
    assert.equal(await button.isDisabled(), true)
    await field.fill(word)
    const why = dialog.getByLabel('Reason')
    if (await why.count() > 0) {
      assert.equal(await button.isDisabled(), true, 'a reason is asked for')
      await why.fill('try')
    }
    assert.equal(await button.isDisabled(), false)
    await field.press('Enter')
    assert.deepEqual(changes(posted), [])
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await shop.choose('db143', 'Forget…')
  await waits(page.getByRole('dialog', { name: 'Forget db143?' }), /^Forget/, 'db143', 'db14')
  await shop.card('db143').click({ button: 'right' })
  const menu = page.getByRole('menu', { name: /^Actions on db143/ })
  await settled(menu)
  await menu.getByRole('menuitem', { name: 'More of replication' }).click()
  await menu.getByRole('menuitem', { name: 'Reset replication…' }).click()
  await waits(page.getByRole('dialog', { name: /forget its source/ }), /^Reset/, 'db143', 'DB143')
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Replace the primary by force…' }).click()
  const forced = page.getByRole('dialog', { name: /Replace the primary of shop by force/ })
  await forced.getByText(/is replaced whether it lives or not/).waitFor(patience)
  await waits(forced, /^Replace it/, 'shop', 'shop2')
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

test('a dead primary that is outside the filters says so with its age; Recover… shows who could take over and why; cancelling changes nothing, confirming ends on the living cluster', async () => {
  const { page } = await openShop()
  await sandbox.server('db142').kill()
  const banner = page.getByRole('alert').filter({ hasText: 'Primary is dead' })
  await banner.getByText(/not recovered: outside the filters/).waitFor(patience)
  await banner.getByText(/^since \d+/).waitFor()
  const ask = banner.getByRole('button', { name: 'Recover…' })
  const dialog = page.getByRole('dialog', { name: 'Recover shop: what would happen now' })
  await ask.focus()
  await page.keyboard.press('Enter')
  await dialog.getByText('best', { exact: true }).waitFor(patience)
  await dialog.getByText('Commands that will run').waitFor()
  assert.equal(await dialog.getByRole('radio').count(), 2, 'its direct replicas')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await page.getByRole('treeitem', { name: /^db14[013], primary/ }).count(), 0)
  await ask.focus()
  await page.keyboard.press('Enter')
  const run = dialog.getByRole('button', { name: /^Recover, promote db14/ })
  await run.waitFor(patience)
  await run.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('treeitem', { name: /^db14[013], primary, Writable/ }).waitFor(patience)
  await page.getByText(/db14[013] is primary since/).waitFor(patience)
  await page.getByRole('link', { name: /See recovery #/ }).first().click()
  await page.getByRole('figure', { name: 'Timeline' }).waitFor(patience)
  await page.close()
})
