import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { violations } from '../axe.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { type Program, startProgram, startShop } from '../program.ts'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'

const patience = { timeout: 30_000 }
let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let page: Page

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true, settings: { AuditToBackendDB: true, KVClusterMasterPrefix: 'mysql/master', PostMasterFailoverProcesses: ['echo {successorHost} of {failureClusterAlias}'] } })
  await operate('tag', { instance: sandbox.server('db141').key, tag: 'role=backup' })
  await operate('tag', { instance: sandbox.server('db143').key, tag: 'rack=7' })
  await operate('submit-pool-instances', { pool: 'reads', instances: `${sandbox.server('db142').key},nosuch.example:3306` })
  await operate('begin-downtime', { instance: sandbox.server('db143').key, owner: 'ann', reason: 'disk', duration: '1h' })
  browser = await openBrowser({ executable: await chromiumBinary() })
  ;({ page } = await browser.page())
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

async function operate(name: string, input: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(`${program.address}/api/v2/operations/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input, wait: true }) })
  assert.equal(answer.status, 200, await answer.text())
}
const goTo = (path: string): Promise<unknown> => page.goto(`${program.address}/web/${path}`)
const shows = (found: Locator): Promise<void> => found.first().waitFor(patience)
const row = (name: string | RegExp): Locator => page.getByRole('row', { name })

test('the clusters page finds a cluster by the tag of a server, lets columns be chosen and keeps them, and tells the same on cards', async () => {
  await goTo('clusters?q=tag:role%3Dbackup')
  await shows(row(/^shop/))
  await page.getByRole('textbox', { name: /^Filter/ }).fill('tag:role=gone')
  await shows(page.getByRole('heading', { name: 'No cluster matches tag:role=gone' }))
  await page.getByRole('button', { name: 'Clear filter' }).click()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Domain' }).click()
  await shows(page.getByRole('columnheader', { name: 'Domain' }))
  await page.reload()
  await shows(page.getByRole('columnheader', { name: 'Domain' }))
  await page.getByRole('button', { name: 'Cards' }).click()
  await shows(page.getByRole('listitem').filter({ hasText: 'shop' }).filter({ hasText: '3 replicating' }))
  await page.getByRole('button', { name: 'Actions on cluster shop' }).click()
  await shows(page.getByRole('menuitem', { name: 'Downtime for all its servers…' }))
  await page.keyboard.press('Escape')
})

test('the wall screen says that all is well, then names a cluster whose replication breaks, and Escape leaves it', async () => {
  await goTo('clusters?wall=1')
  await shows(page.getByText('All clusters are well.'))
  await sandbox.server('db142').sql('STOP REPLICA SQL_THREAD')
  await shows(page.getByRole('heading', { name: 'shop' }))
  await shows(page.getByText('Replication broken on 1 of 4'))
  assert.equal(await page.getByRole('main', { name: 'Clusters at a glance' }).getByRole('button').count(), 1)
  await page.keyboard.press('Escape')
  await shows(page.getByRole('region', { name: /Needs attention/ }).getByText('automatic recovery does not apply'))
  await sandbox.server('db142').sql('START REPLICA SQL_THREAD')
  await page.getByRole('region', { name: /Needs attention/ }).waitFor({ state: 'hidden', ...patience })
})

test('activity is found by who asked, stands in the address, and is saved as a file of what meets the filter', async () => {
  await goTo('audit')
  await shows(row(/begin-downtime/))
  await page.getByLabel('Who', { exact: true }).fill('nobody-of-that-name')
  await shows(page.getByRole('heading', { name: 'Nothing that was done meets this filter.' }))
  await goTo('audit?who=ann')
  await shows(row(/ann.*begin-downtime/))
  assert.equal(await page.locator('tbody tr').count(), 1)
  const [file] = await Promise.all([page.waitForEvent('download', patience), page.getByRole('button', { name: 'Save as CSV' }).click()])
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n')
  assert.equal(lines.length, 2)
  assert.match(lines[1] ?? '', /,ann,begin-downtime,127\.0\.0\.1:\d+,.*"owner: ann, reason: disk"/)
  await operate('begin-downtime', { instance: sandbox.server('db143').key, owner: 'ann', reason: 'still the disk', duration: '1h' })
  await shows(row(/still the disk/))
})

test('pools stand as a matrix with how their members are, and a member that nobody knows is named as such', async () => {
  await goTo('pools')
  await shows(page.getByRole('columnheader', { name: /^reads/ }))
  await shows(row(/^db142 .*in it/))
  await shows(page.getByRole('listitem').filter({ hasText: 'nosuch.example:3306' }).filter({ hasText: 'not known' }))
})

test('the tabs of a cluster have addresses: its activity, its pools, and its settings with candidates and the commands that would run', async () => {
  await goTo('cluster/alias/shop?tab=activity')
  await shows(row(/begin-downtime/))
  await page.getByRole('tab', { name: 'Pools' }).click()
  await shows(row(/^db142 .*in it/))
  await page.getByRole('tab', { name: 'Settings' }).click()
  assert.match(page.url(), /tab=settings/)
  await page.getByRole('button', { name: 'Write again' }).click()
  await shows(page.getByText(`mysql/master/shop = ${sandbox.server('db140').key}`, { exact: true }))
  await page.getByRole('button', { name: 'Show them' }).click()
  await page.getByText('Commands that will run').click(patience)
  await shows(page.getByText(/^echo .* of shop$/))
  await operate('register-candidate', { instance: sandbox.server('db141').key, promotionRule: 'prefer' })
  await shows(row(/^db141 prefer/))
})

test('servers are found by tag and pool, tagged together, and saved as a file in which an unknown lag is empty', async () => {
  await goTo('search?q=tag:role')
  await shows(row(/db141/))
  assert.equal(await page.locator('tbody tr[data-key]').count(), 1)
  await page.getByRole('button', { name: 'Leave out tag:role' }).click()
  await page.getByRole('checkbox', { name: 'Choose db142' }).check()
  await page.getByRole('checkbox', { name: 'Choose db143' }).check()
  await page.getByRole('button', { name: 'Tag…' }).click()
  await page.getByRole('dialog').getByLabel('Tag', { exact: true }).fill('owner=payments')
  await page.getByRole('dialog').getByRole('button', { name: 'Tag 2 servers' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden', ...patience })
  await shows(row(/db143.*owner=payments/))
  await page.getByRole('button', { name: 'Forget…' }).click()
  const forget = page.getByRole('dialog').getByRole('button', { name: 'Forget 2 servers' })
  assert.ok(await forget.isDisabled())
  await page.keyboard.press('Enter')
  assert.ok(await forget.isDisabled())
  await page.keyboard.press('Escape')
  const [file] = await Promise.all([page.waitForEvent('download', patience), page.getByRole('button', { name: 'Save as CSV' }).click()])
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n')
  assert.equal(lines.length, 5)
  assert.ok(lines.some(line => line.includes(',owner=payments,reads,')))
})

test('the panel of a server tells its tags, what was done on it, and offers at each fact what can be done', async () => {
  await goTo(`cluster/alias/shop?node=${encodeURIComponent(sandbox.server('db143').key)}`)
  const panel = page.getByRole('complementary', { name: 'Server db143' })
  await shows(panel.getByRole('link', { name: 'rack=7' }))
  await shows(panel.getByRole('button', { name: 'End downtime' }))
  await shows(panel.getByRole('button', { name: 'Stop replication' }))
  await panel.getByRole('tab', { name: 'Activity' }).click()
  await shows(panel.getByText(/^owner: ann, reason: /))
})

test('at the width of a telephone these pages are not wider than it, and axe finds nothing on them, dark', async () => {
  const dark = await openBrowser({ executable: await chromiumBinary(), theme: 'dark', viewport: { width: 390, height: 844 } })
  try {
    const { page: phone } = await dark.page()
    const places = {
      'clusters': /db140|127\.0\.0\.1/, 'audit': 'begin-downtime', 'pools': 'in it', 'search': 'db141', 'cluster/alias/shop?tab=settings': 'For online schema changes', 'cluster/alias/shop?tab=activity': 'begin-downtime',
      'clusters-analysis': /What is watched for/, 'clusters?wall=1': 'All clusters are well.',
    }
    for (const [path, text] of Object.entries(places)) {
      await phone.goto(`${program.address}/web/${path}`)
      await shows(phone.getByText(text))
      assert.equal(await phone.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, path)
      assert.deepEqual(await violations(phone), [], path)
    }
  } finally {
    await dark.close()
  }
})
