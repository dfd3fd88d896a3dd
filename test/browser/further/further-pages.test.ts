import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { SettingsView } from '../../../src/contract/configuration.ts'
import { violations } from '../axe.ts'
import { openBrowser, type WatchedPage } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { ClusterPage } from '../cluster-page.ts'
import { startProgram, startShop, type Program } from '../program.ts'
import { Agent } from '../../harness/agent/agent.ts'
import { until } from '../../harness/recorded/api.ts'
import { freePort } from '../../harness/recorded/free-port.ts'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'

const patience = { timeout: 60_000 }
const [firstHost, secondHost, listenerHost] = ['127.0.32.1', '127.0.32.2', '127.0.32.9']
let sandbox: Sandbox
let program: Program
let agents: readonly Agent[] = []
let executable = ''

before(async () => {
  sandbox = await startShop()
  const port = await freePort(listenerHost)
  program = await startProgram(sandbox, { isSeeded: true, settings: { AuditToBackendDB: true, ServeAgentsHttp: true, AgentsServerPort: `${listenerHost}:${port}` } })
  const peers = new Map<string, Agent>()
  const first = await Agent.start({ host: firstHost, server: sandbox.server('db142'), token: 'first', peers, customCommands: { hello: 'world' } })
  const second = await Agent.start({ host: secondHost, server: sandbox.server('db143'), token: 'second', peers })
  agents = [first, second]
  peers.set(firstHost, first).set(secondHost, second)
  for (const agent of agents) await agent.register(`http://${listenerHost}:${port}`)
  executable = await chromiumBinary()
})

after(async () => {
  await program?.[Symbol.asyncDispose]()
  for (const agent of agents) await agent[Symbol.asyncDispose]()
  await sandbox?.stop()
})

async function looking(at: (page: Page, watched: WatchedPage) => Promise<void>, options: Partial<Parameters<typeof openBrowser>[0]> = {}): Promise<void> {
  const browser = await openBrowser({ executable, ...options })
  try {
    const watched = await browser.page()
    await at(watched.page, watched)
  } finally {
    await browser.close()
  }
}

const goTo = (page: Page, path: string): Promise<unknown> => page.goto(`${program.address}${path}`)
const button = (page: Page | Locator, name: string | RegExp): Locator => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
/** Types the word that a dangerous act asks for, and does it. */
async function confirm(page: Page, word: string, run: RegExp): Promise<void> {
  const asking = page.getByRole('dialog')
  await asking.getByRole('textbox').last().fill(word)
  await button(asking, run).last().click()
  await asking.waitFor({ state: 'hidden', ...patience })
}

const pages = [
  ['/web/audit-failure-detection', 'Problems'], ['/web/search', 'Servers'], ['/web/search?s=db14', 'Servers'], ['/web/search/db14', 'Servers'], ['/web/pools', 'Pools'],
  ['/web/cluster-pools/shop', 'Pools'], ['/web/agents', 'Agents'], [`/web/agent/${firstHost}`, firstHost], ['/web/seeds', 'Seeds'], ['/web/settings', 'Settings'],
] as const

test('two replicas that are chosen in the tree are moved together after both plans were shown, and put into one downtime', async () => {
  await looking(async (page, { complaints }) => {
    await goTo(page, '/web/cluster/alias/shop')
    const shop = new ClusterPage(page)
    await shop.card('db143').waitFor(patience)
    await page.getByRole('treeitem', { name: /^db142/ }).click({ modifiers: ['Control'] })
    await page.getByRole('treeitem', { name: /^db143/ }).focus()
    await page.keyboard.press('x')
    await page.getByText('2 servers chosen').waitFor(patience)
    await button(page, 'Move…').click()
    await button(page.getByRole('dialog'), /^db140/).click(patience)
    await page.getByRole('dialog').getByText('3 steps').first().waitFor(patience)
    await button(page.getByRole('dialog'), 'Another destination').click()
    await button(page.getByRole('dialog'), /^db141/).click(patience)
    const plans = page.getByRole('dialog')
    await plans.getByRole('listitem').filter({ hasText: 'db142' }).first().waitFor(patience)
    assert.equal((await sandbox.server('db142').sql('SHOW REPLICA STATUS'))[0]?.['Source_Port'], sandbox.server('db140').port, 'nothing moves before it is asked for')
    await button(plans, /^Move \d servers?$/).click(patience)
    await plans.getByText('moved', { exact: true }).first().waitFor(patience)
    await until(() => sandbox.server('db142').sql('SHOW REPLICA STATUS'), ([row]) => Number(row?.['Source_Port']) === sandbox.server('db141').port, 30_000)
    await button(plans, 'Close').last().click()
    await button(page, 'Downtime…').click()
    await page.getByRole('dialog').getByLabel(/^Reason/).fill('both at once')
    await button(page.getByRole('dialog'), 'Begin downtime').click()
    await page.getByText('Downtime begun for 2 servers.').waitFor(patience)
    await button(page, 'End downtime').click(patience)
    await page.getByText('Downtime ended for 2 servers.').waitFor(patience)
    assert.deepEqual(complaints, [])
  })
})

test('the palette finds a server by a part of its name and goes there, and shows every match as a list', async () => {
  await looking(async page => {
    await goTo(page, '/web/clusters')
    await page.getByRole('link', { name: 'shop', exact: true }).first().waitFor(patience)
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Search or jump' })
    await field.fill('db142')
    await page.getByRole('option').filter({ hasText: sandbox.server('db142').key }).waitFor(patience)
    await field.press('Enter')
    await page.getByRole('complementary', { name: 'Server db142' }).waitFor(patience)
    await page.keyboard.press('Control+k')
    await field.fill('db14')
    await button(page, /^Show all servers that match/).click()
    await page.getByText('4 servers').waitFor(patience)
    await page.getByRole('row').filter({ hasText: 'db141' }).first().getByText(/^Replicating/).click(patience)
    await page.getByRole('link', { name: 'Full page' }).click(patience)
    await page.getByRole('heading', { name: 'db141', level: 1 }).waitFor(patience)
  })
})

test('the settings show no secret, say what their files would change, and count it after it was asked for', async () => {
  await looking(async page => {
    await goTo(page, '/web/settings')
    await page.getByRole('rowheader', { name: /^InstancePollSeconds/ }).waitFor(patience)
    assert.equal(await page.getByText('*'.repeat(8)).count() > 0, true, 'secrets are masked')
    const read = async (): Promise<SettingsView> => (await (await fetch(`${program.address}/api/v2/settings`)).json()) as SettingsView
    const [file = ''] = (await read()).files
    // Written by this test's own harness.
    const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    writeFileSync(file, JSON.stringify({ ...written, ReasonableReplicationLagSeconds: 77 }))
    await page.reload()
    await page.getByText('The files differ from what is in force in 1 setting').waitFor(patience)
    await button(page, 'Read the files again…').click()
    await page.getByRole('dialog').getByText('ReasonableReplicationLagSeconds').waitFor(patience)
    await button(page.getByRole('dialog'), 'Read the files again').click()
    await page.getByText(/has read its files again/).waitFor(patience)
    const { settings, pending } = await read()
    assert.equal(settings.find(({ key }) => key === 'ReasonableReplicationLagSeconds')?.value, 77)
    assert.deepEqual(pending.changes, [])
  })
})

test('a pool is set after it was shown who comes, and a host is seeded only after its name was typed; why it failed stands at its step', async () => {
  await looking(async page => {
    await goTo(page, '/web/pools')
    await button(page, 'Set a pool…').click(patience)
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name of the pool').fill('readers')
    await dialog.getByRole('textbox').nth(1).fill(`${sandbox.server('db141').key}, nosuch:3306`)
    await dialog.getByText('Not known here').waitFor(patience)
    await button(dialog, 'Set the pool').click()
    await page.getByRole('columnheader', { name: /^readers/ }).waitFor(patience)
    await page.getByRole('row', { name: /^db141 .*in it/ }).waitFor(patience)
    await page.getByText('What can be used now').click()
    await page.getByText(/^1 server can be used/).waitFor(patience)

    await goTo(page, `/web/agent/${firstHost}`)
    await button(page, 'Make a snapshot…').click(patience)
    await confirm(page, firstHost, /^Make a snapshot on/)
    await button(page, /^Mount… /).first().waitFor(patience)
    await button(page, 'Run a command…').click()
    await page.getByRole('dialog').getByLabel('Name of the command').fill('hello')
    await button(page.getByRole('dialog'), 'Run it').click()
    await page.getByRole('dialog').getByText('world').first().waitFor(patience)
    await button(page.getByRole('dialog'), 'Close').last().click()
    await goTo(page, `/web/agent/${secondHost}`)
    await button(page, 'Replace its data…').click(patience)
    await button(page.getByRole('dialog'), `Replace the data of ${secondHost}`).click()
    await page.getByRole('dialog').getByText(`Type ${secondHost}`, { exact: false }).first().waitFor(patience)
    await confirm(page, secondHost, /^Replace the data of/)
    await page.getByRole('link', { name: /^#\d+$/ }).first().click(patience)
    await page.getByText(/Cowardly refusing/).waitFor(patience)
    assert.ok(!agents.some(({ asked }) => asked.some(path => path.startsWith('delete-mysql-datadir'))), 'nothing is erased below a MySQL that runs')
  })
})

test('each page shows its heading, none is wider than a telephone, and axe finds nothing in the dark', async () => {
  await looking(async (page, { complaints }) => {
    for (const [address, heading] of pages) {
      await goTo(page, address)
      await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor(patience)
      await page.waitForTimeout(400)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, address)
      assert.deepEqual(await violations(page), [], address)
    }
    assert.deepEqual(complaints, [])
  }, { theme: 'dark', viewport: { width: 390, height: 844 } })
})

test('a failure that was recovered stays in the history, with the recovery that followed', async () => {
  await looking(async page => {
    await goTo(page, '/web/clusters-analysis')
    await sandbox.server('db140').kill()
    await page.getByRole('link', { name: 'History' }).click(patience)
    const row = page.getByRole('row').filter({ hasText: 'DeadMaster' }).first()
    await row.getByRole('link', { name: /^#\d+ → / }).waitFor({ timeout: 60_000 })
    await row.getByRole('link', { name: 'Primary is dead' }).first().click()
    await page.getByRole('heading', { level: 1, name: /^Primary is dead/ }).waitFor(patience)
    await page.getByRole('link', { name: /^#\d+ → / }).click()
    await page.getByRole('figure').waitFor(patience)
  })
})
