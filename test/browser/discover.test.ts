import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { reservePorts } from '../harness/sandbox/free-ports.ts'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { startProgram, startShop, type Program } from './program.ts'

let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let page: Page
let complaints: readonly string[] = []

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: false })
  browser = await openBrowser({ executable: await chromiumBinary() })
  const opened = await browser.page()
  page = opened.page
  complaints = opened.complaints
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

test('with nothing known the clusters page welcomes and leads to the first steps, without a word of alarm', async () => {
  await page.goto(`${program.address}/`)
  await page.getByText('Welcome. Orchestrator knows no server yet.').waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  await page.getByRole('main').getByRole('link', { name: 'Discover' }).click()
  await page.getByText('Give it a MySQL user on every server').waitFor()
  await page.getByText('GRANT SUPER, PROCESS, REPLICATION SLAVE, RELOAD').waitFor()
})

test('a closed port and a malformed address are explained on their own lines, and the right port put in its place finds all four servers live', async () => {
  const closed = await reservePorts(1)
  await page.getByLabel('Servers').fill(`127.0.0.1:${closed.ports[0]}\nno:such:address`)
  await page.getByRole('button', { name: 'Discover' }).click()
  const line = page
    .getByRole('listitem')
    .filter({ has: page.getByText('Nothing listens at this address and port') })
    .last()
  await line.waitFor({ timeout: 10_000 })
  await page.getByText('This is not host or host:port.').waitFor()
  await line.getByLabel('Address').fill(sandbox.server('db142').key)
  await line.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('shop: 4 servers').waitFor({ timeout: 20_000 })
  for (const server of sandbox.servers) await page.locator('.found-servers').getByText(server.key).waitFor()
  assert.equal(await page.getByText('Nothing listens at this address and port').count(), 0)
  await closed.release()
})

test('the cluster that was found is opened from its line', async () => {
  await page.getByRole('link', { name: 'Open the cluster' }).click()
  await page.getByRole('heading', { name: 'shop' }).waitFor()
  await page.getByRole('treeitem', { name: /^db143, replica of db141/ }).waitFor()
  // The browser itself reports every answer of 4xx to its console; the refusals above are meant.
  assert.deepEqual(
    complaints.filter(complaint => !complaint.includes('Failed to load resource')),
    [],
  )
})

test('a wrong password is explained as such', async () => {
  await using other = await startProgram(sandbox, { isSeeded: false, settings: { MySQLTopologyPassword: 'wrong' } })
  await page.goto(`${other.address}/web/discover`)
  await page.getByLabel('Servers').fill(sandbox.server('db140').key)
  await page.getByRole('button', { name: 'Discover' }).click()
  await page.getByText('The server refused user or password.').waitFor({ timeout: 10_000 })
})
