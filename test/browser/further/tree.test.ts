import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'
import { violations } from '../axe.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { ClusterPage, settled, until } from '../cluster-page.ts'
import { startFleetProgram } from '../fleet-program.ts'
import { startProgram, startShop, type Program } from '../program.ts'

/** What the drawing of a cluster says and keeps: on the four servers of the shop, and on a cluster of many that do not exist. */
let sandbox: Sandbox
let program: Program
let browser: TestBrowser
const patience = { timeout: 20_000 }

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true, settings: { DetectDataCenterQuery: "select if(@@server_id < 142, 'eu-west-1', 'eu-west-2')" } })
  browser = await openBrowser({ executable: await chromiumBinary() })
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

async function openShop(path = '/web/cluster/alias/shop', of = program): Promise<{ readonly shop: ClusterPage; readonly page: Page }> {
  const { page } = await browser.page()
  await page.goto(`${of.address}${path}`)
  return { shop: new ClusterPage(page), page }
}

const boxOf = async (card: Locator): Promise<{ readonly x: number; readonly y: number }> => (await card.boundingBox()) ?? assert.fail('it is not on the screen')

test('hiding and showing replicas, and turning the tree, leave the chosen card where it is on the screen', async () => {
  const { shop, page } = await openShop()
  await shop.card('db142').click()
  await page.getByRole('complementary', { name: 'Server db142' }).waitFor(patience)
  await settled(shop.card('db142'))
  const before = await boxOf(shop.card('db142'))
  const isStill = async (after: string): Promise<void> => {
    await settled(shop.card('db142'))
    const now = await boxOf(shop.card('db142'))
    assert.ok(Math.abs(now.x - before.x) <= 2 && Math.abs(now.y - before.y) <= 2, `${after}: from ${before.x}, ${before.y} to ${now.x}, ${now.y}`)
  }
  await shop.card('db141').focus()
  await page.keyboard.press('[')
  await shop.card('db143').waitFor({ state: 'detached', ...patience })
  await page.getByRole('treeitem', { name: /^db141,.*\+1 below/ }).waitFor(patience)
  await shop.card('db141').getByText('+1 below: 1 replicating').waitFor(patience)
  await isStill('hidden')
  await page.keyboard.press(']')
  await shop.card('db143').waitFor(patience)
  await isStill('shown')
  await page.getByRole('button', { name: 'Draw it from top to bottom' }).click()
  await until(page, 'document.querySelector(".react-flow__handle-bottom") !== null', 15_000)
  await isStill('turned')
  await page.getByRole('button', { name: 'Draw it from left to right' }).click()
  await isStill('turned back')
  await page.close()
})

test('the list offers the same menu for a server as the tree, entry by entry and reason by reason', async () => {
  const { shop, page } = await openShop()
  const entries = async (of: Locator): Promise<readonly string[]> => {
    await of.click({ button: 'right' })
    const menu = page.getByRole('menu', { name: /^Actions on db143/ })
    await menu.getByRole('menuitem', { name: 'Move…' }).waitFor(patience)
    await settled(menu)
    const texts = await menu.getByRole('menuitem').allTextContents()
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached', ...patience })
    return texts
  }
  await shop.card('db143').waitFor(patience)
  const inTree = await entries(shop.card('db143'))
  await page.getByRole('button', { name: 'List', exact: true }).click()
  const inList = await entries(page.getByRole('row', { name: /^db143\b/ }))
  assert.ok(inTree.length > 10 && inTree.some(text => text.includes('it is already replicating')), inTree.join('\n'))
  assert.deepEqual(inList, inTree)
  await page.close()
})

test('the list is walked and folded by keys as the tree is, and a filter leaves what it finds below its sources', async () => {
  const { page } = await openShop('/web/cluster/alias/shop?view=list')
  const row = (name: string): Locator => page.getByRole('row', { name: new RegExp(`^${name}\\b`) })
  await row('db143').waitFor(patience)
  await row('db140').focus()
  await page.keyboard.press('ArrowRight')
  await until(page, 'document.activeElement?.textContent?.startsWith("db141") === true', 15_000)
  assert.equal(await row('db141').getAttribute('aria-expanded'), 'true')
  await page.keyboard.press('ArrowLeft')
  await row('db143').waitFor({ state: 'detached', ...patience })
  assert.equal(await row('db141').getAttribute('aria-expanded'), 'false')
  await page.keyboard.press(']')
  await row('db143').waitFor(patience)
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByText('2 servers chosen').waitFor(patience)
  await page.keyboard.press('p')
  await until(page, 'document.activeElement?.textContent?.startsWith("db140") === true', 15_000)
  await page.getByLabel('Filter servers').fill('db143')
  await row('db142').waitFor({ state: 'detached', ...patience })
  assert.deepEqual(await page.locator('.list-view tr[data-key]').evaluateAll(rows => rows.map(each => each.textContent?.slice(0, 5))), ['db140', 'db141', 'db143'])
  await page.close()
})

test('the menus of the filter write it, the counts show exactly those, and again all', async () => {
  const { shop, page } = await openShop()
  await shop.card('db143').waitFor(patience)
  await page.getByRole('button', { name: 'Site' }).click()
  await page.getByRole('menuitemcheckbox', { name: /eu-west-2/ }).click()
  await page.getByText('2 servers match').waitFor(patience)
  assert.equal(await page.getByLabel('Filter servers').inputValue(), 'dc:eu-west-2')
  await page.getByRole('menuitemcheckbox', { name: /eu-west-1/ }).click()
  await page.getByText('4 servers match').waitFor(patience)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clear filter' }).click()
  const well = page.getByRole('button', { name: '4 well' })
  await well.click()
  await page.getByText('4 servers match').waitFor(patience)
  assert.match(page.url(), /q=status(:|%3A)ok/)
  await well.click()
  await page.getByText('4 servers match').waitFor({ state: 'detached', ...patience })
  await page.close()
})

test('the text is the indented tree with what is known of each server, and a filter leaves those it finds with their sources', async () => {
  const { page } = await openShop('/web/cluster/alias/shop?view=text')
  const text = page.getByRole('region', { name: 'Replication topology of shop' })
  await text.waitFor(patience)
  const lines = ((await text.textContent()) ?? '').split('\n')
  assert.deepEqual(lines.map(line => line.split('  ')[0]?.trimEnd()).map(line => line?.replace(/ (Writable|Replicating).*/, '')), ['db140', '├─ db141', '│', '└─ db142'])
  assert.match(lines[2] ?? '', /^│ {2}└─ db143 +Replicating · \d+ s +\d+\.\d+\.\d+ ROW +GTID +read-only +eu-west-2$/)
  await page.getByLabel('Filter servers').fill('db143')
  await until(page, "!document.querySelector('.text-view pre').textContent.includes('db142')", 15_000)
  assert.deepEqual(((await text.textContent()) ?? '').match(/db\d+/g), ['db140', 'db141', 'db143'])
  await page.close()
})

test('a frame drawn with Shift chooses the cards that it touches; Shift and an arrow choose one further', async () => {
  const { shop, page } = await openShop()
  await settled(shop.card('db143'))
  const [from, to] = [await boxOf(shop.card('db141')), await boxOf(shop.card('db142'))]
  await page.keyboard.down('Shift')
  await page.mouse.move(from.x - 20, from.y - 12)
  await page.mouse.down()
  await page.mouse.move(to.x + 30, to.y + 30, { steps: 5 })
  await page.mouse.up()
  await page.keyboard.up('Shift')
  const bar = page.getByRole('toolbar', { name: /chosen/i })
  await page.getByText('2 servers chosen').waitFor(patience)
  await page.getByRole('treeitem', { name: /^db142.*chosen/ }).waitFor(patience)
  await bar.getByRole('button').last().click()
  await shop.card('db141').focus()
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByText('2 servers chosen').waitFor(patience)
  await page.close()
})

test('replication is started on those of the chosen that need it: their plans are shown first, and why the others are left', async () => {
  const [stopped, running] = [sandbox.server('db143'), sandbox.server('db142')]
  await stopped.sql('STOP REPLICA')
  const { shop, page } = await openShop()
  await page.getByRole('treeitem', { name: /^db143, replica of db141, Stopped/ }).waitFor(patience)
  await settled(shop.card('db143'))
  for (const name of ['db142', 'db143']) await shop.card(name).click({ modifiers: ['Control'] })
  await page.getByText('2 servers chosen').waitFor(patience)
  await page.getByRole('button', { name: 'Start… 1 of 2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start replication on 2 servers' })
  await dialog.getByText('left as it is').waitFor(patience)
  assert.match(await dialog.getByRole('listitem').filter({ hasText: 'db142' }).innerText(), /left as it is/)
  await dialog.getByRole('button', { name: 'Start replication on 1 server' }).click()
  await page.getByText('Done on 1 of 2 servers.').waitFor(patience)
  const threads = async (): Promise<string> => (await stopped.row<{ state: string }>('SELECT service_state AS state FROM performance_schema.replication_connection_status')).state
  assert.notEqual(await threads(), 'OFF')
  assert.equal((await running.row<{ state: string }>('SELECT service_state AS state FROM performance_schema.replication_connection_status')).state, 'ON')
  await page.close()
})

test('the lag of a stopped replica is unknown on card, list, panel and search, never 0 s', async () => {
  await sandbox.server('db143').sql('STOP REPLICA')
  const { shop, page } = await openShop()
  await page.getByRole('treeitem', { name: /^db143, replica of db141, Stopped, lag unknown/ }).waitFor(patience)
  await shop.card('db143').click()
  const panel = page.getByRole('complementary', { name: 'Server db143' })
  await panel.getByText('lag unknown').waitFor(patience)
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await page.getByRole('row', { name: /^db143\b.*lag unknown/ }).waitFor(patience)
  await page.goto(`${program.address}/web/search?q=db143`)
  await page.getByRole('row', { name: /db143.*lag unknown/ }).waitFor(patience)
  assert.equal(await page.getByRole('row', { name: /db143.*\b0 s/ }).count(), 0)
  await page.close()
  await sandbox.server('db143').sql('START REPLICA')
})

test('a server that is broken and errant says both on its card, readable; two findings of one server stand under their own names', async () => {
  const [primary, replica] = [sandbox.server('db140'), sandbox.server('db143')]
  await sandbox.untilReplicating('db143')
  await replica.sql('SET GLOBAL super_read_only = OFF')
  await replica.sql('CREATE DATABASE own')
  await replica.sql('SET GLOBAL super_read_only = ON')
  await primary.sql('CREATE DATABASE own')
  const { shop, page } = await openShop()
  await page.getByRole('treeitem', { name: /^db143, replica of db141, SQL error 1007, lag unknown.*1 more problem/ }).waitFor(patience)
  await shop.card('db143').getByText('1 errant GTID').waitFor(patience)
  await shop.card('db143').getByText('+1', { exact: true }).waitFor(patience)
  assert.deepEqual(await violations(page), [])
  await page.goto(`${program.address}/web/clusters-analysis`)
  for (const code of ['AllIntermediateMasterReplicasNotReplicating', 'ErrantGTIDStructureWarning']) {
    const finding = page.getByRole('listitem').filter({ hasText: code })
    await finding.filter({ hasText: sandbox.server('db141').key }).waitFor(patience)
    assert.equal(await finding.count(), 1)
  }
  await page.close()
})

test('with names hidden no name of a server, cluster or site is left on the page or in a plan, and what is planned is the same', async () => {
  const { shop, page } = await openShop()
  await shop.card('db143').waitFor(patience)
  await page.getByRole('button', { name: 'Actions' }).first().click()
  await page.getByRole('menuitem', { name: 'Show it with names hidden' }).click()
  await page.getByText('Names are hidden').waitFor(patience)
  await page.getByRole('treeitem', { name: /^alias-\w+, replica of alias-/ }).first().waitFor(patience)
  const leaks = async (): Promise<readonly string[]> => (await page.locator('body').innerText()).match(/db14\d|shop|eu-west-\d|127\.0\.0\.1/g) ?? []
  assert.deepEqual(await leaks(), [])
  assert.doesNotMatch(page.url(), /shop|db14/)
  const [hidden = ''] = (await page.getByRole('treeitem', { name: /^alias-\w+, replica/ }).last().locator('.visually-hidden').first().innerText()).split(',')
  await page.getByRole('treeitem', { name: new RegExp(`^${hidden}`) }).click({ button: 'right' })
  const menu = page.getByRole('menu')
  await menu.getByRole('menuitem', { name: 'Stop replication', exact: true }).waitFor(patience)
  await settled(menu)
  await menu.getByRole('menuitem', { name: 'Stop replication', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: `Stop replication on ${hidden}` }).waitFor(patience)
  await dialog.getByText('STOP REPLICA').first().waitFor(patience)
  assert.deepEqual(await leaks(), [])
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show names' }).click()
  await shop.card('db143').waitFor(patience)
  await page.close()
})

test('names of 64 letters that differ in their last digits can be told apart on cards, and in full in what they are called', async () => {
  const long = 'mysql-production-payments-eu-west-1-shard-with-long-names-000'
  await using named = await startProgram(sandbox, { isSeeded: true, settings: { DetectInstanceAliasQuery: `select concat('${long}', @@server_id)` } })
  const { shop, page } = await openShop('/web/cluster/alias/shop', named)
  assert.equal(`${long}140`.length, 64)
  const shown: string[] = []
  for (const id of [140, 141, 142, 143]) {
    await shop.card(`${long}${id}`).waitFor(patience)
    const tail = shop.card(`${long}${id}`).locator('.name-tail')
    const [end, menu] = [await tail.boundingBox(), await shop.card(`${long}${id}`).locator('.card-button').boundingBox()]
    assert.ok(end !== null && menu !== null && end.x + end.width <= menu.x + 1, 'the end of a name is seen, and nothing covers it')
    shown.push(await tail.innerText())
  }
  assert.equal(new Set(shown).size, 4, shown.join(' '))
  for (const [index, id] of [140, 141, 142, 143].entries()) assert.ok(shown[index]?.endsWith(String(id)), shown[index])
  await page.close()
})

test('of 160 servers n visits each of the 60 in trouble, also those that a stack holds', async () => {
  await using big = await startFleetProgram({ servers: 160, clusterSize: 160, troubled: 60 })
  const { page } = await openShop(`/web/cluster/${encodeURIComponent(big.primary)}`, big.program)
  const tree = page.getByRole('tree')
  await tree.waitFor(patience)
  await page.getByRole('treeitem').first().waitFor(patience)
  await page.getByRole('button', { name: /^\d+ critical/ }).waitFor(patience)
  assert.ok((await page.getByRole('treeitem').count()) < 60, 'most of them are in stacks at first')
  const visited = new Set<string>()
  for (let pressed = 0; pressed < 60; pressed += 1) {
    const before = await focused(page)
    await page.keyboard.press('n')
    await until(page, `document.activeElement?.getAttribute('role') === 'treeitem' && document.activeElement.getAttribute('data-id') !== ${JSON.stringify(before)}`, 15_000)
    visited.add(await focused(page))
  }
  assert.equal(visited.size, 60)
  const answer = await fetch(`${big.program.address}/api/v2/clusters/${encodeURIComponent(big.primary)}`)
  const snapshot = (await answer.json()) as { readonly members: readonly { readonly key: string; readonly statuses: readonly { readonly severity: string }[] }[] }
  assert.deepEqual([...visited].toSorted(), snapshot.members.filter(({ statuses }) => statuses[0]?.severity !== 'ok').map(({ key }) => key).toSorted())
  await page.close()
})

const focused = async (page: Page): Promise<string> => String(await page.evaluate("document.activeElement?.getAttribute('data-id') ?? ''"))
