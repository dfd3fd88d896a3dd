import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { ClusterPage } from './cluster-page.ts'
import { type Program, startProgram } from './program.ts'

/** Every replica acknowledges, one acknowledgement is waited for, for ever. */
const options = [
  '--plugin-load-add=mysql_clone.so', '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=ON', '--rpl-semi-sync-source-timeout=4294967295',
]
const patience = 40_000
const han = /\p{Script=Han}/u

let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let page: Page
let chinese: TestBrowser
let zh: Page

before(async () => {
  sandbox = await Sandbox.start({ servers: [140, 141, 142].map(serverId => ({ name: `db${serverId}`, serverId, options })) })
  for (const grant of ['SELECT ON performance_schema.*', 'BACKUP_ADMIN, CLONE_ADMIN ON *.*']) await sandbox.server('db140').sql(`GRANT ${grant} TO orchestrator@'%'`)
  for (const replica of ['db141', 'db142']) {
    // A source forgets a replica that left when it next sends a heartbeat, and is not cloned over while it counts one.
    await sandbox.replicate(replica, 'db140', { heartbeatSeconds: 1 })
    await sandbox.server(replica).sql('SET GLOBAL super_read_only = ON')
  }
  await sandbox.server('db140').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  program = await startProgram(sandbox, {
    isSeeded: true,
    settings: { DurabilityPolicy: { '*': 'semi-sync' }, RejoinReturnedPrimary: 'never', AuditToBackendDB: true, PublicationWebhooks: ['http://127.0.0.1:9/'], PublicationWaitMilliseconds: 500 },
  })
  const executable = await chromiumBinary()
  browser = await openBrowser({ executable, viewport: { width: 1360, height: 1000 } })
  page = (await browser.page()).page
  chinese = await openBrowser({ executable, language: 'zh', viewport: { width: 1360, height: 1000 } })
  zh = (await chinese.page()).page
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  await new ClusterPage(page).card('db142').waitFor()
})

after(async () => {
  await Promise.all([browser?.close(), chinese?.close()])
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

const banner = (of: Page, text: string | RegExp): Locator => of.locator('.banner').filter({ hasText: text })

test('where a durability policy cannot be shown to be kept nobody is promoted until a person types why, and the reason stands in the record', async () => {
  await sandbox.server('db142').kill()
  await sandbox.server('db140').kill()
  await page.getByRole('alert').getByRole('button', { name: 'Recover…' }).first().click({ timeout: patience })
  const dialog = page.getByRole('dialog', { name: 'Recover shop: what would happen now' })
  const refusal = dialog.getByRole('alert').filter({ hasText: 'Nobody is promoted by itself' })
  await refusal.waitFor({ timeout: patience })
  assert.match(await refusal.innerText(), /1 of 2 semi-sync replicas/)
  const promote = dialog.getByRole('button', { name: 'Recover, promote db141' })
  await dialog.getByLabel('Type shop to confirm').fill('shop')
  assert.equal(await promote.isDisabled(), true, 'not without a reason')
  await dialog.getByLabel('Why acknowledged writes may be lost').fill('the rack burns')
  await dialog.getByLabel('Type shop to confirm').fill('')
  assert.equal(await promote.isDisabled(), true, 'not by a slip of the hand')
  await dialog.getByLabel('Type shop to confirm').fill('shop')
  await promote.click()
  await page.getByRole('treeitem', { name: /^db141, primary, Writable/ }).waitFor({ timeout: patience })
  await page.goto(`${program.address}/web/audit`)
  await page.getByText(/accepts that acknowledged writes may be lost \(the rack burns\)/).first().waitFor({ timeout: patience })
})

test('a place outside that cannot be told who takes the writes is shown on the pages of the cluster and of problems, and by the doctor', async () => {
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  const told = banner(page, 'Not every place says that db141 takes the writes of this cluster')
  await told.waitFor({ timeout: patience })
  await told.getByRole('button', { name: 'Tell them again now' }).waitFor()
  await page.goto(`${program.address}/web/clusters-analysis`)
  await banner(page, 'Not every place says that').filter({ hasText: 'shop' }).waitFor({ timeout: patience })
  await zh.goto(`${program.address}/web/clusters-analysis`)
  await banner(zh, /并非所有存放处都记录了/).waitFor({ timeout: patience })
  const answer = await fetch(`${program.address}/api/v2/operations/doctor`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: { cluster: 'shop' }, wait: true }),
  })
  const { output } = (await answer.json()) as { readonly output: { readonly complaints: readonly { readonly code: string; readonly says: { readonly text: string } }[] } }
  assert.match(output.complaints.find(({ code }) => code === 'not-published')?.says.text ?? '', /does not say who takes the writes/)
})

test('the old primary that is back is judged on the page of its cluster, in both languages, and may be let follow from there', async () => {
  // Left alone by the program, or it would be moved as soon as it is found below a replaced primary.
  const [moved, target] = [sandbox.server('db142'), sandbox.server('db141')]
  const ask = async (path: string): Promise<void> => {
    const response = await fetch(`${program.address}/api/${path}`)
    assert.equal(response.status, 200, await response.text())
  }
  await ask(`begin-downtime/${moved.host}/${moved.port}/ann/its-disk/1h`)
  await Promise.all([sandbox.server('db140').start(), moved.start()])
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  const back = banner(page, 'db140 was replaced as primary')
  await back.filter({ hasText: 'still has replicas' }).waitFor({ timeout: patience })
  assert.equal(await back.getByRole('button').count(), 0, 'nothing is offered that would be refused')
  await ask(`relocate/${moved.host}/${moved.port}/${target.host}/${target.port}`)
  await ask(`end-downtime/${moved.host}/${moved.port}`)
  await back.filter({ hasText: 'it can follow it' }).waitFor({ timeout: patience })
  await back.getByRole('button', { name: 'Let it follow…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/, which was replaced as primary, follow/).waitFor({ timeout: patience })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await zh.goto(`${program.address}/web/cluster/alias/shop`)
  await banner(zh, /已不再是主库/).getByRole('button', { name: '让它跟随…' }).waitFor({ timeout: patience })
})

test('one that has what nobody else has gets the data of another server from the page, with its progress, and is a replica then', async () => {
  const old = sandbox.server('db140')
  for (let tries = 0; tries < 100; tries++) {
    await old.sql('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0')
    if (await old.sql('CREATE DATABASE mine').then(() => true, () => false)) break
  }
  // Slow enough to be watched.
  await old.sql('SET GLOBAL clone_autotune_concurrency = OFF, GLOBAL clone_max_data_bandwidth = 12')
  const back = banner(page, 'db140 was replaced as primary')
  await back.filter({ hasText: 'has 1 transactions that' }).waitFor({ timeout: patience })
  await banner(zh, /已不再是主库/).getByRole('button', { name: '替换其数据…' }).waitFor({ timeout: patience })
  await back.getByRole('button', { name: 'Replace its data…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type db140 to confirm').fill('db140', { timeout: patience })
  await dialog.getByRole('button', { name: 'Replace all data of db140' }).click()
  // Nobody watches over the servers of a test: one that ends is started here, as a service manager would.
  const restarted = (async () => {
    for (let tries = 0; old.isRunning && tries < patience / 20; tries++) await sleep(20)
    if (!old.isRunning) await old.start()
  })()
  await dialog.getByText(/ gets the data of .*: .* MB/).waitFor({ timeout: patience })
  assert.equal(await dialog.getByRole('progressbar').count(), 1)
  await banner(zh, /正在获取 .* 的数据/).getByRole('progressbar').waitFor({ timeout: patience })
  await restarted
  await dialog.getByText('Done', { exact: false }).first().waitFor({ timeout: patience })
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await new ClusterPage(page).untilReplicaOf('db140', 'db141', patience)
  await back.waitFor({ state: 'detached', timeout: patience })
  assert.deepEqual(await old.sql("SHOW DATABASES LIKE 'mine'"), [])
})

test('the page of that recovery is Chinese where the language is Chinese: every stage, every message', async () => {
  const recoveries = (await (await fetch(`${program.address}/api/audit-recovery`)).json()) as readonly { readonly UID: string }[]
  await zh.goto(`${program.address}/web/audit-recovery/uid/${recoveries[0]?.UID ?? ''}`)
  await zh.getByRole('button', { name: '列表' }).click({ timeout: patience })
  await zh.locator('tbody tr').first().waitFor({ timeout: patience })
  // Stage, message and outcome.
  const said = (await Promise.all([2, 4, 5].map(column => zh.locator(`tbody tr td:nth-child(${column})`).allInnerTexts()))).flat()
  assert.ok(said.length > 30, `${said.length} texts`)
  assert.deepEqual(said.filter(text => !han.test(text)), [])
  assert.ok(said.some(text => text.includes('the rack burns')), 'the reason stands as it was typed')
})
