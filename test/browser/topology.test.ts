import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { ClusterPage, isSamePage, mark, settled, until } from './cluster-page.ts'
import { startProgram, startShop, type Program } from './program.ts'

let sandbox: Sandbox
let program: Program
let browser: TestBrowser

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true })
  browser = await openBrowser({ executable: await chromiumBinary() })
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

async function openShop(): Promise<{ readonly shop: ClusterPage; readonly complaints: readonly string[]; readonly requests: readonly string[] }> {
  const { page, complaints, requests } = await browser.page()
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  const shop = new ClusterPage(page)
  await shop.card('db143').waitFor()
  await mark(page)
  return { shop, complaints, requests }
}

test('the tree shows four cards whose names say role, status, lag, mode; it takes at most six requests, all to the program itself', async () => {
  const { shop, complaints, requests } = await openShop()
  assert.match(await shop.sentence('db140'), /^db140, primary, Writable, writable/)
  assert.match(await shop.sentence('db142'), /^db142, replica of db140, Replicating · \d+ s, read-only/)
  assert.match(await shop.sentence('db143'), /^db143, replica of db141, Replicating/)
  assert.equal(await shop.page.getByRole('treeitem').count(), 4)
  const asked = requests.filter(address => address.includes('/api/'))
  assert.ok(asked.length <= 6, asked.join('\n'))
  assert.deepEqual(
    requests.filter(address => !address.startsWith(program.address)),
    [],
  )
  assert.deepEqual(complaints, [])
  await shop.page.close()
})

test('while db142 is dragged every card answers in words, and the one it already follows refuses and offers the takeover apart', async () => {
  const { shop } = await openShop()
  await shop.dragOver('db142', 'db140')
  await shop.card('db141').getByText('Move below — GTID').waitFor({ timeout: 15_000 })
  await shop.card('db143').getByText('Move below — GTID').waitFor()
  await shop.card('db140').getByText('db140 is already its source').waitFor()
  await shop.card('db140').getByText('Promote in its place…').waitFor()
  await shop.page.keyboard.press('Escape')
  assert.equal(await shop.page.getByText('Move below — GTID').count(), 0)
  await shop.page.mouse.up()
  assert.equal(await shop.page.getByRole('dialog').count(), 0)
  await shop.page.close()
})

test('dropping a server on its own replica runs nothing and keeps the reason', async () => {
  const { shop, requests } = await openShop()
  await shop.dragOver('db141', 'db143')
  await shop.card('db143').getByText('db143 is below db141 itself').waitFor()
  const before = requests.length
  await shop.page.mouse.up()
  await shop.page.getByRole('alert').getByText('db143 is below db141 itself').waitFor()
  assert.deepEqual(
    requests.slice(before).filter(address => address.includes('/operations/')),
    [],
  )
  assert.match(await shop.sentence('db141'), /replica of db140/)
  await shop.page.close()
})

test("dragging a replica onto the zone of its primary only opens the takeover dialog, which waits for the cluster's name", async () => {
  const { shop } = await openShop()
  await shop.dragOver('db142', 'db140', 0.3)
  await shop.card('db140').getByText('Promote in its place…').waitFor()
  const box = await shop.card('db140').getByText('Promote in its place…').boundingBox()
  assert.ok(box)
  await shop.page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 3 })
  await shop.page.mouse.up()
  const dialog = shop.page.getByRole('dialog', { name: 'Planned takeover of shop' })
  await dialog.waitFor()
  assert.equal(await dialog.getByRole('button', { name: 'Promote db142' }).isDisabled(), true)
  await shop.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.match(await shop.sentence('db140'), /primary, Writable/)
  await shop.page.close()
})

test('db142 dragged onto db141 shows a plan of three steps, and after it runs the tree moves within 3 s without a reload; undo brings it back', async () => {
  const { shop } = await openShop()
  await shop.dragOver('db142', 'db141')
  await shop.page.getByText('Make db142 a replica of db141 — GTID, 3 steps').waitFor()
  await shop.page.mouse.up()
  const dialog = shop.page.getByRole('dialog', { name: 'Move db142' })
  await dialog.getByText('Make db142 a replica of db141').waitFor()
  assert.equal(await dialog.locator('ol > li').count(), 3)
  assert.match(await shop.sentence('db142'), /replica of db140/, 'nothing has moved before it is confirmed')
  await dialog.getByRole('button', { name: 'Move db142' }).click()
  await dialog.getByText('Done', { exact: true }).waitFor({ timeout: 10_000 })
  await shop.untilReplicaOf('db142', 'db141', 3000)
  assert.equal(await isSamePage(shop.page), true)
  const [source] = await sandbox.server('db142').sql('SELECT HOST, PORT FROM performance_schema.replication_connection_configuration')
  assert.equal(Number(source?.['PORT']), sandbox.server('db141').port, 'the server itself follows db141')

  await dialog.getByRole('button', { name: 'Undo…' }).click()
  const undo = shop.page.getByRole('dialog', { name: 'Move db142' })
  await undo.getByText('Make db142 a replica of db140').waitFor()
  await undo.getByRole('button', { name: 'Move db142' }).click()
  await shop.untilReplicaOf('db142', 'db140', 10_000)
  await shop.page.close()
})

test('the same move by keyboard alone: M, type, Enter, Tab, Enter; then Esc gives the focus back to the tree', async () => {
  const { shop } = await openShop()
  await shop.card('db142').focus()
  await shop.page.keyboard.press('m')
  await shop.page.getByRole('dialog', { name: 'Move db142' }).waitFor()
  await shop.page.getByRole('option', { name: /db143/ }).waitFor()
  await shop.page.keyboard.type('db143')
  await shop.page.keyboard.press('Enter')
  const run = shop.page.getByRole('button', { name: 'Move db142' })
  await run.waitFor()
  await until(shop.page, 'document.activeElement?.closest("[role=dialog]") != null')
  for (let pressed = 0; pressed < 12 && (await shop.page.evaluate('document.activeElement?.closest("button")?.textContent')) !== 'Move db142'; pressed++)
    await shop.page.keyboard.press('Tab')
  await shop.page.keyboard.press('Enter')
  await shop.untilReplicaOf('db142', 'db143', 10_000)
  await shop.page.keyboard.press('Escape')
  await until(shop.page, 'document.activeElement?.getAttribute("role") === "treeitem"')
  await sandbox.untilReplicating('db142')
  await shop.page.close()
})

test('arrows walk through the tree, Enter opens the panel of a server with its facts, Esc closes it', async () => {
  const { shop } = await openShop()
  await shop.card('db140').focus()
  await shop.page.keyboard.press('ArrowRight')
  await shop.page.keyboard.press('Enter')
  const panel = shop.page.getByRole('complementary', { name: 'Server db141' })
  await panel.getByText('Replica of db140').waitFor()
  await panel.getByText('GTID, auto-position').waitFor()
  assert.match(shop.page.url(), /node=/)
  await panel.getByRole('button', { name: 'Close the panel' }).click()
  await panel.waitFor({ state: 'detached' })
  await shop.page.close()
})

test('an applier broken by a duplicate key shows its error number within 3 s, not a lag of 0 s, and so does its link', async () => {
  const { shop } = await openShop()
  await sandbox.server('db140').sql('CREATE DATABASE pages')
  await sandbox.server('db140').sql('CREATE TABLE pages.t (id INT PRIMARY KEY)')
  await sandbox.untilCaughtUp('db141', 'db140')
  await behindItsBack('db141', 'INSERT INTO pages.t VALUES (1)')
  await sandbox.server('db140').sql('INSERT INTO pages.t VALUES (1)')
  await shop.page.getByRole('treeitem', { name: /^db141, replica of db140, SQL error 1062, lag unknown/ }).waitFor({ timeout: 15_000 })
  await shop.page.getByText('1 critical').waitFor()
  await behindItsBack('db141', 'DELETE FROM pages.t')
  await sandbox.server('db141').sql('START REPLICA SQL_THREAD')
  await shop.page.getByRole('treeitem', { name: /^db141, replica of db140, Replicating/ }).waitFor({ timeout: 15_000 })
  assert.equal(await isSamePage(shop.page), true)
  await shop.page.close()
})

/** Changes a read-only replica without a trace in its binary log, as a careless hand does. */
async function behindItsBack(name: string, statement: string): Promise<void> {
  const connection = await sandbox.server(name).connect()
  try {
    for (const each of ['SET GLOBAL super_read_only = OFF', 'SET SESSION sql_log_bin = OFF', statement, 'SET GLOBAL super_read_only = ON'])
      await connection.query(each)
  } finally {
    await connection.end()
  }
}

test('stopping and starting replication from the menu shows the plan first, and entries that are not possible say why', async () => {
  const { shop } = await openShop()
  await shop.card('db143').click({ button: 'right' })
  const menu = shop.page.getByRole('menu', { name: /^Actions on db143/ })
  await menu.getByRole('menuitem', { name: /Start replication it is already replicating/ }).waitFor()
  await settled(menu)
  // By its whole name: an entry that is not possible at the moment has its reason behind it, and does nothing.
  await menu.getByRole('menuitem', { name: 'Stop replication', exact: true }).click()
  await shop.page.getByRole('dialog').getByRole('button', { name: 'Stop replication on db143' }).click()
  await shop.page.getByRole('treeitem', { name: /^db143, .*Stopped/ }).waitFor({ timeout: 15_000 })
  await shop.page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  await shop.choose('db143', 'Start replication')
  await shop.page.getByRole('dialog').getByRole('button', { name: 'Start replication on db143' }).click()
  await shop.page.getByRole('treeitem', { name: /^db143, .*Replicating/ }).waitFor({ timeout: 15_000 })
  await shop.page.close()
})

test('downtime needs a reason, shows until when on the card, and ends from the menu', async () => {
  const { shop } = await openShop()
  await shop.card('db143').focus()
  await shop.page.keyboard.press('d')
  const dialog = shop.page.getByRole('dialog', { name: 'Downtime of db143' })
  await dialog.getByRole('button', { name: 'Begin downtime' }).click()
  await dialog.getByText('Say why, so that others know.').waitFor()
  await dialog.getByLabel('Reason').fill('backup')
  await dialog.getByLabel('By').fill('bob')
  await dialog.getByRole('button', { name: 'Begin downtime' }).click()
  await shop
    .card('db143')
    .getByText(/until (\d+ \w+ )?\d\d:\d\d · bob/)
    .waitFor({ timeout: 15_000 })
  await shop.choose('db143', 'End downtime')
  await shop
    .card('db143')
    .getByText(/until .* · bob/)
    .waitFor({ state: 'detached', timeout: 15_000 })
  await shop.page.close()
})

test('a filter dims the others, counts its hits and stands in the address', async () => {
  const { shop } = await openShop()
  await shop.page.getByLabel('Filter servers').fill('db14')
  await shop.page.getByText('4 servers match').waitFor()
  await shop.page.getByLabel('Filter servers').fill('role:primary')
  await shop.page.getByText('1 server matches').waitFor()
  const { page } = await browser.page()
  await page.goto(shop.page.url())
  await page.getByText('1 server matches').waitFor()
  await page.close()
  await shop.page.close()
})

test('when the program stops, the page says so and acts are refused; when it comes back, the page heals without a reload', async () => {
  const { shop } = await openShop()
  await program.stop()
  await shop.page.getByText(/Reconnecting/).waitFor({ timeout: 15_000 })
  await shop.card('db143').click({ button: 'right' })
  await shop.page.getByRole('menuitem', { name: /Move… Orchestrator does not answer/ }).waitFor()
  await shop.page.keyboard.press('Escape')
  await program.restart()
  await shop.page.getByText('Live', { exact: true }).waitFor({ timeout: 35_000 })
  assert.equal(await isSamePage(shop.page), true)
  await shop.page.close()
})
