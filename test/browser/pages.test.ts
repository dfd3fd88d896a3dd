import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { violations } from './axe.ts'
import { openBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'
import { startProgram, startShop, type Program } from './program.ts'
import { englishLeft } from './look.ts'

const prefix = '/orc'
let sandbox: Sandbox
let program: Program
let executable = ''

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true, settings: { URLPrefix: prefix } })
  executable = await chromiumBinary()
})

after(async () => {
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

/** Old and new addresses, and the heading that each must show. */
const addresses = (): readonly (readonly [string, RegExp])[] => {
  const key = sandbox.server('db140').key
  const [host, port] = key.split(':')
  return [
    ['/', /^Clusters$/],
    ['/web', /^Clusters$/],
    ['/web/', /^Clusters$/],
    ['/web/clusters', /^Clusters$/],
    ['/web/clusters/', /^Clusters$/],
    ['/web/clusters-analysis', /^Problems$/],
    ['/web/cluster/shop', /^shop$/],
    [`/web/cluster/${encodeURIComponent(key)}`, /^shop$/],
    ['/web/cluster/alias/shop', /^shop$/],
    [`/web/cluster/instance/${host}/${port}`, /^shop$/],
    ['/web/cluster/alias/shop?compact=true', /^shop$/],
    ['/web/discover', /^Discover$/],
    ['/web/audit-recovery', /^Recoveries$/],
    ['/web/audit-recovery/0', /^Recoveries$/],
    ['/web/audit-recovery/alias/shop', /^Recoveries$/],
    ['/web/audit-recovery/cluster/shop/0', /^Recoveries$/],
    ['/web/audit-recovery/uid/nosuch', /^No recovery nosuch$/],
    ['/web/audit-failure-detection', /^Problems$/],
    ['/web/audit-failure-detection/alias/shop', /^Problems$/],
    ['/web/audit-failure-detection/alias/shop/0', /^Problems$/],
    ['/web/audit-failure-detection/id/7', /^No detection 7$/],
    ['/web/search?s=db140', /^Servers$/],
    ['/web/search/db140', /^Servers$/],
    [`/web/server/${host}/${port}`, /^db140$/],
    ['/web/cluster-pools/shop', /^Pools$/],
    ['/web/settings', /^Settings$/],
    ['/web/about', /^About$/],
    ['/web/home', /^About$/],
    ['/web/faq', /^About$/],
    ['/web/keep-calm', /^About$/],
    ['/web/audit', /^Activity$/],
    ['/web/audit/1', /^Activity$/],
    [`/web/audit/instance/${host}/${port}`, /^Activity$/],
    [`/web/audit/instance/${host}/${port}/1`, /^Activity$/],
    ['/web/doctor', /^Doctor: Configuration$/],
    ['/web/doctor?cluster=shop', /^Doctor: Cluster shop$/],
    ['/web/status', /^Status$/],
    ['/web/cluster/nosuch:3306', /^No cluster nosuch:3306$/],
    ['/web/no/such/page', /^No such page$/],
  ]
}

test('below a prefix every address, old or new, shows its heading; no request leaves the prefix and the page complains of nothing', async () => {
  const browser = await openBrowser({ executable })
  try {
    const { page, complaints, requests } = await browser.page()
    for (const [address, heading] of addresses()) {
      const answer = await page.goto(program.address + address)
      assert.equal(answer?.status(), 200, address)
      await page
        .getByRole('heading', { name: heading })
        .first()
        .waitFor({ timeout: 30_000 })
        .catch(() => assert.fail(`${address} does not show ${heading}`))
    }
    assert.deepEqual(
      requests.filter(request => !request.startsWith(`${program.address}/`)),
      [],
    )
    assert.deepEqual(
      complaints.filter(complaint => !complaint.includes('404')),
      [],
    )
  } finally {
    await browser.close()
  }
})

test('an address cannot speak for the program', async () => {
  const browser = await openBrowser({ executable })
  try {
    const { page } = await browser.page()
    await page.goto(`${program.address}/web/clusters?orchestrator-msg=hello`)
    await page.getByRole('heading', { name: 'Clusters' }).waitFor()
    assert.equal(await page.getByText('hello').count(), 0)
    assert.ok(!page.url().includes('hello'))
  } finally {
    await browser.close()
  }
})

const shown = [
  '/web/clusters',
  '/web/cluster/alias/shop',
  '/web/cluster/alias/shop?view=list',
  '/web/cluster/alias/shop?tab=servers',
  '/web/clusters-analysis',
  '/web/audit-recovery',
  '/web/discover',
  '/web/audit',
  '/web/doctor',
  '/web/doctor?cluster=shop',
  '/web/status',
  // With the longer tests: each costs a second and more.
  ...(process.env['AXE'] === 'all' ? ['/web/search', '/web/pools', '/web/agents', '/web/audit-failure-detection'] : []),
]

// Each language and each theme once in `npm test`; the other two pairs in `npm run test:long`.
for (const language of ['en', 'zh'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    if (process.env['AXE'] !== 'all' && (language === 'en') !== (theme === 'light')) continue
    test(`axe finds nothing against WCAG 2.2 AA on any page, ${language}, ${theme}`, async () => {
      const browser = await openBrowser({ executable, language, theme })
      try {
        const { page } = await browser.page()
        for (const address of shown) {
          await page.goto(program.address + address)
          await page.locator('h1').first().waitFor()
          await page.waitForTimeout(600)
          assert.deepEqual(await violations(page), [], address)
        }
        await page.goto(`${program.address}/web/cluster/alias/shop?node=${encodeURIComponent(sandbox.server('db141').key)}`)
        await page.getByRole('complementary').first().waitFor()
        assert.deepEqual(await violations(page), [], 'the server panel')
        await page.getByRole('treeitem', { name: /^db142/ }).press('m')
        // The tool bar has options of its own.
        await page.getByRole('dialog').getByRole('option').first().waitFor()
        await page.waitForTimeout(400)
        assert.deepEqual(await violations(page), [], 'the move dialog')
        await page.getByRole('option', { name: /db141/ }).click()
        await page.getByRole('dialog').locator('ol > li').first().waitFor()
        await page.waitForTimeout(400)
        assert.deepEqual(await violations(page), [], 'the plan')
      } finally {
        await browser.close()
      }
    })
  }
}

test("in Chinese no English words are left on any page except names, codes and MySQL's own words, and nothing is wider than the page at 1,280 px", async () => {
  const browser = await openBrowser({ executable, language: 'zh', viewport: { width: 1280, height: 800 } })
  try {
    const { page } = await browser.page()
    for (const address of shown) {
      await page.goto(program.address + address)
      await page.locator('h1').first().waitFor()
      await page.waitForTimeout(400)
      assert.deepEqual(await englishLeft(page), [], address)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${address} is too wide`)
    }
  } finally {
    await browser.close()
  }
})

test('the language is changed in the menu, at once and for good', async () => {
  const browser = await openBrowser({ executable })
  try {
    const { page } = await browser.page()
    await page.goto(`${program.address}/web/clusters`)
    await page.getByRole('button', { name: 'Language' }).click()
    await page.getByRole('menuitem', { name: '中文' }).click()
    await page.getByRole('heading', { name: '集群' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '集群' }).waitFor()
    assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-Hans')
  } finally {
    await browser.close()
  }
})

test('at 390 px the cluster is a list, its panel and its menu are usable, and nothing scrolls sideways', async () => {
  const browser = await openBrowser({ executable, viewport: { width: 390, height: 844 } })
  try {
    const { page } = await browser.page()
    for (const address of ['/web/clusters-analysis', '/web/cluster/alias/shop', '/web/status', '/web/discover', '/web/audit-recovery', '/web/doctor?all=true', `/web/${'nowhere'.repeat(80)}`]) {
      await page.goto(program.address + address)
      await page.getByRole('main').getByRole('heading').first().waitFor()
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, address)
    }
    await page.goto(`${program.address}/web/cluster/alias/shop`)
    await page.getByRole('row', { name: /db142/ }).click()
    const panel = page.getByRole('complementary', { name: 'Server db142' })
    await panel.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Move…' }).click()
    await page.getByRole('option', { name: /db141/ }).click()
    await page.getByRole('button', { name: 'Move db142' }).waitFor()
  } finally {
    await browser.close()
  }
})
