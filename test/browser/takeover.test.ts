import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { ClusterPage, isSamePage, mark } from './cluster-page.ts'
import { startProgram, startShop, type Program } from './program.ts'

let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let page: Page

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, {
    isSeeded: true,
    // Nothing is recovered by itself here: the dead primary at the end waits for a person.
    settings: { RecoverMasterClusterFilters: [], PreGracefulTakeoverProcesses: ['echo from {failedHost}:{failedPort} to {successorHost}:{successorPort}'] },
  })
  browser = await openBrowser({ executable: await chromiumBinary(), viewport: { width: 1360, height: 1100 } })
  page = (await browser.page()).page
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  await new ClusterPage(page).card('db143').waitFor()
  await mark(page)
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

const takeover = (): Locator => page.getByRole('dialog', { name: 'Planned takeover of shop' })
const stepsShown = async (): Promise<string> => (await takeover().getByRole('listitem').allInnerTexts()).join('\n')

test('the takeover dialog shows a plan at once, and another one when another replica is chosen: steps, statements on demand, hooks', async () => {
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Planned takeover…' }).click()
  await takeover().getByText('Hand over from db140 to db141').waitFor()
  await takeover().getByRole('button', { name: 'Promote db141' }).waitFor()
  await takeover().getByRole('radio', { name: /db142/ }).check()
  await takeover().getByText('Hand over from db140 to db142').waitFor()
  assert.equal(await takeover().getByText('Hand over from db140 to db141').count(), 0)
  assert.match(await stepsShown(), /db140\s+Refuse writes/)
  assert.doesNotMatch(await stepsShown(), /SET GLOBAL/i)
  await takeover().getByRole('button', { name: 'Show the statements' }).click()
  assert.match(await stepsShown(), /SET GLOBAL super_read_only/i)
  const { host, port } = sandbox.server('db142')
  await takeover().getByText('Commands that will run').click()
  await takeover()
    .getByText(new RegExp(`echo from .* to ${host}:${port}`))
    .waitFor()
})

test('a replica whose replication is stopped cannot be chosen: the dialog says why and offers nothing to run', async () => {
  await sandbox.server('db141').sql('STOP REPLICA')
  await takeover().getByRole('radio', { name: /db141/ }).check()
  const refusal = takeover().getByRole('alert').filter({ hasText: 'This is not possible' })
  await refusal.waitFor()
  assert.match(await refusal.innerText(), /db141/)
  assert.equal(await takeover().getByRole('button', { name: /^Promote|^Run/ }).count(), 0)
  await sandbox.server('db141').sql('START REPLICA')
  await takeover().getByRole('radio', { name: /db142/ }).check()
  await takeover().getByText('Hand over from db140 to db142').waitFor()
})

test('it runs only with the name of the cluster typed, and not when the plan has changed since: the new plan is shown and asks again', async () => {
  const promote = takeover().getByRole('button', { name: 'Promote db142' })
  assert.equal(await promote.isDisabled(), true)
  assert.doesNotMatch(await stepsShown(), /db143\s+Follow/)
  await relocate('db143', 'db140')
  await takeover().getByLabel('Reason').fill('rehearsal')
  await takeover().getByLabel('Type shop to confirm').fill('shop')
  await promote.click()
  await takeover().getByRole('alert').filter({ hasText: 'Nothing was run' }).waitFor()
  assert.match(await stepsShown(), /db143\s+Follow db142/)
  assert.equal(await takeover().getByLabel('Type shop to confirm').inputValue(), '')
  assert.equal(await promote.isDisabled(), true)
  assert.equal(await superReadOnly('db140'), 0)
})

test('the plan that was agreed to is carried out, the tree shows the new primary without a reload, and the downtime that was asked for begins', async () => {
  const wait = takeover().getByLabel('Seconds to wait for it to catch up')
  await wait.fill('0')
  await takeover().getByText('A whole number from 1 to 600').waitFor()
  await wait.fill('15')
  await takeover().getByRole('checkbox', { name: /downtime of 1 h/ }).check()
  await takeover().getByLabel('Reason').fill('rehearsal')
  await takeover().getByLabel('Type shop to confirm').fill('shop')
  await takeover().getByRole('button', { name: 'Promote db142' }).click()
  await page.getByRole('treeitem', { name: /^db142, primary, Writable/ }).waitFor({ timeout: 20_000 })
  for (const name of ['db140', 'db141', 'db143']) await new ClusterPage(page).untilReplicaOf(name, 'db142', 20_000)
  await page.getByText('Done: Hand over from db140 to db142').or(takeover().getByRole('status').filter({ hasText: 'Done' })).first().waitFor()
  assert.equal(await isSamePage(page), true)
  assert.equal(await superReadOnly('db140'), 1)
  const downtimed = await (await fetch(`${program.address}/api/downtimed`)).text()
  const { host, port } = sandbox.server('db140')
  assert.match(downtimed, new RegExp(`"Hostname":"${host}","Port":${port}.*"DowntimeReason":"planned takeover"`))
  assert.equal(downtimed.split('"DowntimeReason":"planned takeover"').length, 2)
  if (await takeover().isVisible()) await takeover().getByRole('button', { name: 'Close' }).last().click()
})

test('the recovery dialog of a dead primary shows who could take its place and why, what would be sent, and changes nothing', async () => {
  await sandbox.server('db142').kill()
  await page.getByRole('treeitem', { name: /^db142, .*Unreachable/ }).waitFor({ timeout: 15_000 })
  await page.getByRole('alert').getByRole('button', { name: 'Recover…' }).first().click({ timeout: 15_000 })
  const dialog = page.getByRole('dialog', { name: 'Recover shop: what would happen now' })
  await dialog.getByText('The server is confirmed dead by its replicas.').waitFor()
  const candidates = dialog.getByRole('group', { name: 'Candidates' })
  assert.equal(await candidates.getByRole('radio').count(), 3)
  await candidates.getByText('best', { exact: true }).waitFor()
  await dialog.getByRole('heading', { name: 'Stages' }).waitFor()
  await dialog.getByRole('button', { name: /^Recover, promote db14[013]$/ }).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  assert.equal(await page.getByRole('treeitem', { name: /^db14[013], primary/ }).count(), 0)
  assert.equal(await isSamePage(page), true)
})

const superReadOnly = async (name: string): Promise<number> =>
  (await sandbox.server(name).row<{ locked: number }>('SELECT @@global.super_read_only AS locked')).locked

async function relocate(name: string, below: string): Promise<void> {
  const [moved, target] = [sandbox.server(name), sandbox.server(below)]
  const response = await fetch(`${program.address}/api/relocate/${moved.host}/${moved.port}/${target.host}/${target.port}`)
  assert.equal(response.status, 200, await response.text())
}
