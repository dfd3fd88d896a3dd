import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { violations } from './axe.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { ClusterPage, settled } from './cluster-page.ts'
import { startProgram, startShop, type Program } from './program.ts'

let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let page: Page
let shop: ClusterPage

before(async () => {
  sandbox = await startShop()
  // A takeover that is asked for begins, and its hook ends it: the dialog has to say so.
  program = await startProgram(sandbox, { isSeeded: true, settings: { AuditToBackendDB: true, PreGracefulTakeoverProcesses: ['echo no room; exit 3'] } })
  browser = await openBrowser({ executable: await chromiumBinary() })
  page = (await browser.page()).page
  shop = new ClusterPage(page)
})

beforeEach(async () => {
  await page.goto(`${program.address}/web/cluster/${encodeURIComponent(sandbox.server('db140').key)}`)
  await shop.card('db143').waitFor()
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

/** Opens the menu of a server, and unfolds one part of it. */
async function menuOf(name: string, part?: string): Promise<Locator> {
  await shop.card(name).click({ button: 'right' })
  const menu = page.getByRole('menu', { name: new RegExp(`^Actions on ${name}`) })
  await menu.getByRole('menuitem', { name: 'Move…' }).waitFor()
  await settled(menu)
  if (part === undefined) return menu
  const unfolded = menu.getByRole('group', { name: part, exact: true })
  const first = unfolded.getByRole('menuitem').first()
  // A click may come while the menu still moves to its place, and then hits nothing; a person clicks again.
  for (let attempt = 1; !(await first.isVisible()) && attempt <= 4; attempt += 1) {
    await menu.getByRole('menuitem', { name: part, exact: true }).click()
    await first.waitFor({ timeout: 15_000 }).catch(() => undefined)
  }
  await first.waitFor()
  await settled(menu)
  return unfolded
}

const dialog = (name: string): Locator => page.getByRole('dialog', { name })
const close = (shown: Locator): Promise<void> => shown.getByRole('button', { name: 'Close' }).last().click()

test('a delay is asked for in seconds, shown as a plan, and stands on the card and on the server afterwards', async () => {
  const menu = await menuOf('db143', 'More of replication')
  await menu.getByRole('menuitem', { name: 'Delay…' }).click()
  const asking = dialog('Make db143 apply late?')
  await asking.getByRole('button', { name: 'Show the plan' }).click()
  await asking.getByText('This is needed.').waitFor()
  await asking.getByLabel('Seconds').fill('7')
  await asking.getByRole('button', { name: 'Show the plan' }).click()
  const plan = dialog('Make db143 apply late?')
  await plan.getByRole('button', { name: 'Show the statements' }).click()
  await plan.getByText(/SOURCE_DELAY\s*=\s*7/).waitFor()
  await plan.getByRole('button', { name: 'Set the delay of db143' }).click()
  await shop.card('db143').getByText('delay 7 s').waitFor({ timeout: 15_000 })
  await close(plan)
  const [row] = await sandbox.server('db143').sql('SELECT DESIRED_DELAY AS delay FROM performance_schema.replication_applier_configuration')
  assert.equal(Number(row?.['delay']), 7)
})

test('a number that is none is refused in words, and nothing is changed', async () => {
  const menu = await menuOf('db143', 'More of replication')
  await menu.getByRole('menuitem', { name: 'Delay…' }).click()
  const asking = dialog('Make db143 apply late?')
  await asking.getByLabel('Seconds').fill('soon')
  await asking.getByRole('button', { name: 'Show the plan' }).click()
  await asking.getByRole('alert').filter({ hasText: 'That is no number of seconds' }).waitFor()
  await close(asking)
})

test('entries that are not possible say why, also in the parts that unfold, and nothing there is against WCAG 2.2 AA', async () => {
  const menu = await menuOf('db142', 'GTID')
  await menu.getByRole('menuitem', { name: /Use GTID… it uses GTID already/ }).waitFor()
  await menu.getByRole('menuitem', { name: /Fix errant: inject empty ones… it has no errant transaction/ }).waitFor()
  await page.waitForTimeout(300)
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Escape')
  const more = await menuOf('db142', 'More of replication')
  await more.getByRole('menuitem', { name: /Reattach… it is not detached/ }).waitFor()
  await more.getByRole('menuitem', { name: /Skip a transaction… its applier stands at no error/ }).waitFor()
  await page.keyboard.press('Escape')
})

test('all replicas of a server are moved by one plan, which names each of them', async () => {
  const menu = await menuOf('db141')
  await menu.getByRole('menuitem', { name: 'Move its replicas…' }).click()
  const moving = dialog('Move the replicas of db141')
  await moving.getByRole('option', { name: /db142 Move below — GTID/ }).waitFor()
  await moving.getByRole('option', { name: /db140/ }).click()
  const plan = dialog('Move the replicas of db141')
  await plan.getByRole('listitem').filter({ hasText: 'db143' }).first().waitFor()
  await plan.getByRole('button', { name: 'Move them' }).click()
  await shop.untilReplicaOf('db143', 'db140', 15_000)
  await plan.getByText('Done', { exact: true }).waitFor()
  await close(plan)
  const [row] = await sandbox.server('db143').sql('SELECT PORT AS port FROM performance_schema.replication_connection_configuration')
  assert.equal(Number(row?.['port']), sandbox.server('db140').port)
})

test('a method can be chosen for a move; by file and position below a sibling it is refused or done as that method says', async () => {
  const menu = await menuOf('db143')
  await menu.getByRole('menuitem', { name: 'Move…' }).click()
  const moving = dialog('Move db143')
  await moving.getByRole('combobox', { name: 'Method' }).or(moving.getByLabel('Method')).first().click()
  await page.getByRole('option', { name: 'GTID only', exact: true }).click()
  await moving.getByRole('option', { name: /db141 The plan says whether it is possible/ }).click()
  const plan = dialog('Move db143')
  await plan.getByText(/orchestrator.* -c move-gtid|Copy as command/).first().waitFor()
  await plan.getByRole('button', { name: 'Move db143' }).click()
  await shop.untilReplicaOf('db143', 'db141', 15_000)
  await close(plan)
})

test('removing binary logs asks for the first file that stays and for the name of the server to be typed', async () => {
  const [before] = await sandbox.server('db140').sql('SHOW BINARY LOGS')
  await sandbox.server('db140').sql('FLUSH BINARY LOGS')
  const menu = await menuOf('db140', 'Binary logs and statements')
  await menu.getByRole('menuitem', { name: 'Remove old logs…' }).click()
  const asking = dialog('Remove old binary logs of db140?')
  await asking.getByLabel('First file that stays').fill('latest')
  await asking.getByLabel('Also if replicas still need the files').check()
  await asking.getByRole('button', { name: 'Show the plan' }).click()
  const run = page.getByRole('dialog').getByRole('button', { name: 'Remove logs of db140' })
  await run.waitFor()
  assert.equal(await run.isDisabled(), true)
  await page.getByLabel('Type db140 to confirm').fill('db14')
  assert.equal(await run.isDisabled(), true)
  await page.getByLabel('Type db140 to confirm').fill('db140')
  await run.click()
  await page.getByRole('dialog').getByText('Done', { exact: true }).waitFor({ timeout: 10_000 })
  await close(page.getByRole('dialog'))
  const left = (await sandbox.server('db140').sql('SHOW BINARY LOGS')).map(row => String(row['Log_name']))
  assert.ok(!left.includes(String(before?.['Log_name'])), left.join(' '))
})

test('the statements of a restart are shown and not run', async () => {
  const menu = await menuOf('db142', 'More of replication')
  await menu.getByRole('menuitem', { name: 'Show the restart statements…' }).click()
  const asking = dialog('Statements that restart replication on db142')
  await asking.getByLabel('Statement between them').fill('select 1')
  await asking.getByRole('button', { name: 'Show them' }).click()
  await asking.getByRole('status').filter({ hasText: /stop (slave|replica)[\s\S]*select 1[\s\S]*start (slave|replica)/i }).waitFor()
  await close(asking)
  assert.match(await shop.sentence('db142'), /Replicating/)
})

test('tags are added and taken away, a promotion rule is set and shown on the card', async () => {
  const menu = await menuOf('db142', 'Notes of orchestrator')
  await menu.getByRole('menuitem', { name: 'Tags…' }).click()
  const tags = dialog('Tags of db142')
  await tags.getByText('It has no tag.').waitFor()
  await tags.getByLabel('Name').fill('role')
  await tags.getByLabel('Value').fill('backup')
  await tags.getByRole('button', { name: 'Add the tag' }).click()
  await tags.getByText('role=backup').waitFor()
  await tags.getByRole('button', { name: 'Remove role=backup' }).click()
  await tags.getByText('It has no tag.').waitFor()
  await close(tags)
  const again = await menuOf('db142', 'Notes of orchestrator')
  await again.getByRole('menuitem', { name: 'Promotion rule…' }).click()
  const rule = dialog('Promotion rule of db142')
  await rule.getByRole('radio', { name: /^must not/ }).check()
  await rule.getByRole('button', { name: 'Set the rule' }).click()
  await shop.card('db142').getByText('must not promote').waitFor({ timeout: 15_000 })
})

test('a server in maintenance is not moved: every target says who holds it, until the maintenance is ended', async () => {
  const menu = await menuOf('db142', 'Notes of orchestrator')
  await menu.getByRole('menuitem', { name: 'Begin maintenance…' }).click()
  const form = dialog('Maintenance of db142')
  await form.getByLabel('Reason').fill('disk')
  await form.getByLabel('By').fill('bob')
  await form.getByRole('button', { name: 'Begin maintenance' }).click()
  await shop.card('db142').getByText('maintenance · bob').waitFor({ timeout: 15_000 })
  const locked = await menuOf('db142')
  await locked.getByRole('menuitem', { name: 'Move…' }).click()
  await dialog('Move db142').getByText('No server can take it.', { exact: false }).waitFor()
  await dialog('Move db142').getByRole('switch', { name: 'Only possible ones' }).press('Space')
  await dialog('Move db142').getByRole('option', { name: /db141 .*bob/ }).waitFor()
  await close(dialog('Move db142'))
  const again = await menuOf('db142', 'Notes of orchestrator')
  await again.getByRole('menuitem', { name: 'End maintenance' }).click()
  await shop.card('db142').getByText('maintenance · bob').waitFor({ state: 'detached', timeout: 15_000 })
})

test('a takeover that was refused after it had begun stays in its dialog with the reason, and the old primary takes writes', async () => {
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Planned takeover…' }).click()
  const takeover = dialog('Planned takeover of shop')
  await takeover.getByRole('radio', { name: /db141/ }).check()
  await takeover.getByText('Hand over from db140 to db141').waitFor()
  await takeover.getByLabel('Reason').fill('rehearsal')
  await takeover.getByLabel('Type shop to confirm').fill('shop')
  await takeover.getByRole('button', { name: 'Promote db141' }).click()
  await takeover.getByRole('alert').filter({ hasText: 'It was not done' }).or(takeover.getByRole('status').filter({ hasText: 'Failed' })).first().waitFor({ timeout: 15_000 })
  assert.equal(await takeover.isVisible(), true)
  const row = await sandbox.server('db140').row<{ locked: number }>('SELECT @@global.read_only AS locked')
  assert.equal(row.locked, 0)
  await takeover.getByRole('button', { name: /Cancel|Close/ }).last().click()
})

test('a toast never lies over the buttons of a dialog', async () => {
  const menu = await menuOf('db142')
  await menu.getByRole('menuitem', { name: 'Refresh now' }).click()
  await page.getByText('db142 was read again').waitFor()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Planned takeover…' }).click()
  const buttons = dialog('Planned takeover of shop').getByRole('button', { name: /^(Cancel|Promote)/ })
  await buttons.last().waitFor()
  await page.waitForTimeout(400)
  const toast = await page.getByText('db142 was read again').boundingBox()
  assert.ok(toast !== null, 'the toast is still there')
  for (const button of await buttons.all()) {
    const box = await button.boundingBox()
    assert.ok(box === null || box.y > toast.y + toast.height || box.y + box.height < toast.y || box.x > toast.x + toast.width || box.x + box.width < toast.x)
  }
  await dialog('Planned takeover of shop').getByRole('button', { name: 'Cancel' }).click()
})

test('the alias of a cluster is set from its menu', async () => {
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Set the alias…' }).click()
  const form = page.getByRole('dialog', { name: /^Alias of / })
  await form.getByRole('textbox', { name: 'Alias' }).fill('boutique')
  await form.getByRole('button', { name: 'Set the alias' }).click()
  await page.getByText('The cluster is called boutique').waitFor()
  await page.getByRole('heading', { name: 'boutique' }).waitFor({ timeout: 15_000 })
})

test('what would happen if the primary died is shown with candidates, stages and risk, and nothing can be run from there', async () => {
  const menu = await menuOf('db140')
  await menu.getByRole('menuitem', { name: 'What if it died now…' }).click()
  const shown = dialog('What if db140 died now')
  await shown.getByText(/^db14[12] would take its place\./).waitFor()
  await shown.getByRole('heading', { name: 'Stages' }).waitFor()
  await shown.getByText(/does not wait for replicas/).waitFor()
  assert.equal(await shown.getByRole('radio', { disabled: false }).count(), 0)
  assert.deepEqual(await shown.getByRole('button').allInnerTexts(), ['', 'Close'])
  await shown.getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'What if a server died now…' }).click()
  const all = page.getByRole('dialog', { name: /^What if .* died now$/ })
  for (const name of ['db140', 'db141']) await all.getByText(new RegExp(`^${name} (db14\\d would take|Nothing would|Nobody would)`)).first().waitFor()
  assert.equal(await all.getByText(/^db14[23] (db14\d would take|Nothing would|Nobody would)/).count(), 0)
})

test('what was done is listed under Activity, of all servers and of one, and comes in by itself', async () => {
  await page.goto(`${program.address}/web/audit`)
  await page.getByRole('row').filter({ hasText: /SOURCE|delay/i }).or(page.getByRole('row').nth(1)).first().waitFor()
  const { host, port } = sandbox.server('db142')
  await fetch(`${program.address}/api/begin-downtime/${host}/${port}/bob/why-not/10m`)
  await page.getByRole('row').filter({ hasText: 'begin-downtime' }).first().waitFor({ timeout: 15_000 })
  await page.goto(`${program.address}/web/audit/instance/${host}/${port}`)
  await page.getByRole('row').filter({ hasText: 'begin-downtime' }).first().waitFor()
  assert.equal(await page.getByRole('row').filter({ hasText: String(sandbox.server('db143').port) }).count(), 0)
  await fetch(`${program.address}/api/end-downtime/${host}/${port}`)
})

test('the doctor examines a server from its menu, and says what is wrong and how it is mended', async () => {
  await sandbox.server('db142').sql('SET GLOBAL sync_binlog = 0')
  const menu = await menuOf('db142')
  await menu.getByRole('menuitem', { name: 'Examine (doctor)' }).click()
  await page.getByRole('heading', { name: /^Doctor: Server / }).waitFor()
  await page.getByText(/has sync_binlog = 0: acknowledged transactions are lost/).waitFor({ timeout: 15_000 })
  await page.getByText('SET GLOBAL sync_binlog = 1, and in the option file').waitFor()
  await sandbox.server('db142').sql('SET GLOBAL sync_binlog = 1')
  await page.getByRole('button', { name: 'Examine again' }).click()
  await page.getByText(/has sync_binlog = 0/).waitFor({ state: 'detached', timeout: 15_000 })
})

test('the doctor examines everything at once, says so in Chinese too, and nothing of its page is against WCAG 2.2 AA', async () => {
  await page.goto(`${program.address}/web/doctor?all=true`)
  await page.getByText('4 servers examined').waitFor({ timeout: 20_000 })
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitem', { name: '中文' }).click()
  await page.getByText('已检查 4 台服务器').waitFor()
  await page.getByRole('heading', { name: /建议修正/ }).waitFor()
  const says = (await page.locator('.complaints p').allInnerTexts()).filter(text => !/\p{Script=Han}/u.test(text))
  assert.deepEqual(says, [])
})
