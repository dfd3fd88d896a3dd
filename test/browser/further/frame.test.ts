import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { openBrowser, type WatchedPage } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { ClusterPage } from '../cluster-page.ts'
import { Middle } from '../middle.ts'
import { type Program, startProgram, startShop } from '../program.ts'
import { until } from '../../harness/recorded/api.ts'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'

const patience = { timeout: 60_000 }
const shop = '/web/cluster/alias/shop'
let sandbox: Sandbox
let program: Program
let executable = ''

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true, settings: { AuditToBackendDB: true, InstancePollSeconds: 1 } })
  executable = await chromiumBinary()
})

after(async () => {
  await program?.[Symbol.asyncDispose]()
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

const button = (page: Page | Locator, name: string | RegExp): Locator => page.getByRole('button', { name })
/** A change that needs no page: what it does must show on pages by itself. */
async function operate(name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(`${program.address}/api/v2/operations/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input, wait: true }) })
  assert.equal(answer.status, 200, await answer.text())
}

test('a cluster that nobody knows is not found inside the frame, with the nearest names; an address that is none offers to search for what stands in it', async () => {
  await looking(async page => {
    await page.goto(`${program.address}/web/cluster/shp:3306`)
    await page.getByRole('heading', { name: 'No cluster shp:3306' }).waitFor(patience)
    await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Problems' }).waitFor(patience)
    await page.getByText('Did you mean').getByRole('link', { name: 'shop' }).waitFor(patience)
    await page.goto(`${program.address}/web/cluster/nosuch:3306`)
    await page.getByText('Did you mean').getByRole('link', { name: 'shop' }).click(patience)
    await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor(patience)
    await page.goto(`${program.address}/web/nowhere/db142`)
    await page.getByRole('link', { name: 'Search the servers for “db142”' }).click(patience)
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor(patience)
    assert.match(page.url(), /q=db142/)
  })
})

test('behind a proxy that buffers the page asks instead of listening, says so, and still shows what changes; acts stay possible', async () => {
  await using middle = await Middle.before(program.address)
  middle.treat = path => (path.includes('/api/v2/events') ? { kind: 'buffer' } : { kind: 'pass' })
  await looking(async page => {
    await page.goto(`${middle.address}${shop}`)
    await new ClusterPage(page).card('db142').waitFor(patience)
    await button(page, 'Polling').waitFor(patience)
    await operate('begin-downtime', { instance: sandbox.server('db142').key, owner: 'somebody', reason: 'behind a proxy', duration: '10m' })
    await page.getByRole('treeitem', { name: /^db142.*downtime/i }).waitFor(patience)
    await new ClusterPage(page).choose('db142', 'End downtime')
    await until(async () => (await (await fetch(`${program.address}/api/downtimed`)).json()) as readonly unknown[], list => list.length === 0, 30_000)
    assert.equal(await page.getByText('No answer from orchestrator').count(), 0)
  })
})

test('three tabs share one stream, and each shows a change; a tab that is closed takes nothing from the others', async () => {
  await using middle = await Middle.before(program.address)
  const browser = await openBrowser({ executable })
  try {
    const tabs = [(await browser.page()).page, (await browser.page()).page, (await browser.page()).page]
    for (const tab of tabs) {
      await tab.goto(`${middle.address}${shop}`)
      await new ClusterPage(tab).card('db143').waitFor(patience)
      await button(tab, 'Live').waitFor(patience)
    }
    assert.equal(middle.streams, 1)
    await tabs[0]?.close()
    await operate('begin-downtime', { instance: sandbox.server('db143').key, owner: 'somebody', reason: 'for all to see', duration: '10m' })
    for (const tab of tabs.slice(1)) await tab.getByRole('treeitem', { name: /^db143.*downtime/i }).waitFor(patience)
    assert.equal(middle.streams, 1)
    await operate('end-downtime', { instance: sandbox.server('db143').key })
  } finally {
    await browser.close()
  }
})

test('whoever is signed out is asked to sign in, and nothing that was typed is lost', async () => {
  await using middle = await Middle.before(program.address)
  await looking(async page => {
    await page.goto(`${middle.address}/web/discover`)
    await page.getByLabel('Servers').fill('db999.example:3306')
    await button(page, 'Live').waitFor(patience)
    middle.treat = path => (path.includes('/api/') ? { kind: 'answer', status: 401, body: JSON.stringify({ code: 'not-signed-in', parameters: {}, text: 'Sign in first' }) } : { kind: 'pass' })
    await button(page.getByRole('main'), 'Discover').click()
    const dialog = page.getByRole('dialog', { name: 'You are signed out' })
    await dialog.waitFor(patience)
    await button(dialog, 'I have signed in').click()
    await dialog.getByText('The server still asks for a sign-in.').waitFor(patience)
    await button(page, 'Signed out').waitFor(patience)
    middle.treat = () => ({ kind: 'pass' })
    await button(dialog, 'I have signed in').click()
    await dialog.waitFor({ state: 'hidden', ...patience })
    await page.getByRole('textbox', { name: 'Address' }).waitFor(patience)
    assert.equal(await page.getByRole('textbox', { name: 'Address' }).inputValue(), 'db999.example:3306', 'what was asked for stands on its line')
    assert.equal(await page.getByText('You are signed out').count(), 0)
  })
})

test('who may only read sees every action and why it is not theirs, and what changes', async () => {
  await using strict = await startProgram(sandbox, { isSeeded: true, settings: { AuthenticationMethod: 'proxy', AuthUserHeader: 'X-Forwarded-User', PowerAuthUsers: ['dba'] } })
  await using middle = await Middle.before(strict.address)
  middle.headers = { 'x-forwarded-user': 'ann' }
  await looking(async page => {
    await page.goto(`${middle.address}${shop}`)
    const cluster = new ClusterPage(page)
    await cluster.card('db142').waitFor(patience)
    await page.getByText('Read-only: ann').waitFor(patience)
    await cluster.card('db142').click({ button: 'right' })
    const items = page.getByRole('menu', { name: /^Actions on db142/ }).getByRole('menuitem')
    await items.first().waitFor(patience)
    const entries = await Promise.all((await items.all()).map(async item => ({ text: await item.textContent(), isOff: await item.isDisabled() })))
    const changing = entries.filter(({ text }) => /^(Move|Start|Stop|Downtime|Begin|Forget|Reset|Skip|Detach)/.test(text ?? ''))
    assert.ok(changing.length >= 4, JSON.stringify(entries))
    assert.deepEqual(changing.filter(({ isOff }) => !isOff), [], 'nothing that changes can be chosen')
    await page.keyboard.press('Escape')
    const denied = await fetch(`${middle.address}/api/v2/operations/begin-downtime`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: { instance: sandbox.server('db142').key } }) })
    assert.equal(denied.status, 403)
    const asAdministrator = { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-user': 'dba' }, body: JSON.stringify({ input: { instance: sandbox.server('db142').key, owner: 'dba', reason: 'live', duration: '10m' }, wait: true }) }
    assert.equal((await fetch(`${strict.address}/api/v2/operations/begin-downtime`, asAdministrator)).status, 200)
    await page.getByRole('treeitem', { name: /^db142.*downtime/i }).waitFor(patience)
    await page.goto(`${middle.address}/web/discover`)
    await page.getByText('Discovering servers needs an administrator').waitFor(patience)
  })
})

/** Each page, the address of the API that it lives by, and something that stands on it when it has come. */
const pages = (): readonly (readonly [address: string, api: string, shows: string])[] => [
  ['/web/clusters', '/api/v2/clusters', 'shop'],
  [shop, '/api/v2/clusters/shop', 'shop'],
  ['/web/clusters-analysis', '/api/v2/findings', 'No open finding'],
  ['/web/audit-failure-detection', '/api/v2/detections', 'No failure has been noticed'],
  ['/web/audit-recovery', '/api/v2/recoveries', 'Recoveries'],
  ['/web/audit', '/api/v2/audit', 'Activity'],
  ['/web/search', '/api/v2/servers', 'db143'],
  ['/web/pools', '/api/v2/servers', 'No server is in a pool'],
  // Members that no server is known of are asked for apart.
  ['/web/pools', '/api/v2/operations/cluster-pool-instances', 'No server is in a pool'],
  ['/web/status', '/api/v2/status', 'Healthy'],
  ['/web/settings', '/api/v2/settings', 'InstancePollSeconds'],
]

test('each page says that it loads, says what failed and lets it be tried again, and the frame stays usable meanwhile', async () => {
  await using middle = await Middle.before(program.address)
  await looking(async page => {
    for (const [address, api, shows] of pages()) {
      const isAsked = (path: string): boolean => path === api || path.startsWith(`${api}?`)
      middle.treat = path => (isAsked(path) ? { kind: 'delay', milliseconds: 1500 } : { kind: 'pass' })
      await page.goto(`${middle.address}${address}`)
      await page.getByRole('main').getByRole('status', { name: 'Loading' }).first().waitFor(patience).catch(() => assert.fail(`${address} does not say that it loads`))
      await page.getByRole('main').getByText(shows).first().waitFor(patience).catch(() => assert.fail(`${address} does not come`))
      middle.treat = path => (isAsked(path) ? { kind: 'answer', status: 500, body: JSON.stringify({ code: 'made-up', parameters: {}, text: 'The disk of the test is full' }) } : { kind: 'pass' })
      await page.goto(`${middle.address}${address}`)
      const failure = page.getByRole('main').getByRole('alert').filter({ hasText: 'The disk of the test is full' }).first()
      await failure.waitFor(patience).catch(() => assert.fail(`${address} does not say what failed`))
      await button(failure, 'Details').click()
      await failure.getByText(`${middle.address}${api}`, { exact: false }).waitFor(patience)
      await button(failure, 'Copy').waitFor(patience)
      middle.treat = () => ({ kind: 'pass' })
      await button(failure, 'Try again').click()
      await page.getByRole('main').getByText(shows).first().waitFor(patience).catch(() => assert.fail(`${address} does not come after it was tried again`))
      assert.equal(await page.getByRole('main').getByRole('alert').filter({ hasText: 'The disk of the test is full' }).count(), 0, address)
    }
  })
})

test('loading, hovering and dropping change nothing; what changes is sent by POST, and from a foreign page refused', async () => {
  const audit = async (): Promise<readonly { readonly kind: string }[]> => ((await (await fetch(`${program.address}/api/v2/audit`)).json()) as { audit: readonly { readonly kind: string }[] }).audit
  const document = (await (await fetch(`${program.address}/api/v2/openapi.json`)).json()) as { paths: Readonly<Record<string, { post?: Readonly<Record<string, unknown>> }>> }
  // The original lets only whoever may write ask these; they change nothing.
  const asksOnly = /\/(heuristic-)?cluster-pool-(instances|lag)$/
  const changes = (path: string): boolean => document.paths[path]?.post?.['x-access'] === 'write' && !asksOnly.test(path)
  await looking(async page => {
    const wrong: string[] = []
    let posts = 0
    page.on('request', asked => {
      const { pathname } = new URL(asked.url())
      if (asked.method() === 'GET') {
        // The original's routes change by GET; the page must know none of them.
        if (pathname.startsWith('/api/') && !pathname.startsWith('/api/v2/')) wrong.push(`GET ${pathname}`)
        return
      }
      posts++
      const body: unknown = asked.postDataJSON()
      const isDryRun = typeof body === 'object' && body !== null && 'dryRun' in body && body.dryRun === true
      if (asked.method() !== 'POST' || (changes(pathname) && !isDryRun)) wrong.push(`${asked.method()} ${pathname}`)
    })
    const before = (await audit()).length
    for (const [address] of [...pages(), ['/web/discover'], ['/web/doctor'], ['/web/about']] as const) {
      await page.goto(`${program.address}${address}`)
      await page.locator('h1').first().waitFor(patience)
      await page.waitForTimeout(300)
      const controls = page.locator('main :is(a, button, [role=treeitem], tr, input)')
      for (let index = 0; index < Math.min(15, await controls.count()); index++) await controls.nth(index).hover({ timeout: 2000, force: true }).catch(() => undefined)
    }
    await page.goto(`${program.address}${shop}`)
    const cluster = new ClusterPage(page)
    await cluster.card('db142').waitFor(patience)
    await page.waitForTimeout(1200)
    await cluster.dragOver('db142', 'db141')
    await page.mouse.up()
    await page.getByRole('dialog').locator('ol > li').first().waitFor(patience)
    await page.keyboard.press('Escape')
    assert.deepEqual(wrong, [])
    assert.ok(posts > 0, 'the plan was asked for by POST')
    assert.equal((await audit()).length, before, 'nothing was done')
    assert.equal((await sandbox.server('db142').sql('SHOW REPLICA STATUS'))[0]?.['Source_Port'], sandbox.server('db140').port)
  })
  const downtime = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${program.address}/api/v2/operations/begin-downtime`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ input: { instance: sandbox.server('db142').key, owner: 'x', reason: 'x', duration: '1m' }, wait: true }),
    })
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) assert.equal((await downtime(headers)).status, 403, JSON.stringify(headers))
  const former = await fetch(`${program.address}/api/begin-downtime/${sandbox.server('db142').key.replace(':', '/')}/x/x/1m`, { headers: { 'sec-fetch-site': 'cross-site' } })
  assert.ok(former.status >= 400, String(former.status))
  assert.deepEqual(await (await fetch(`${program.address}/api/downtimed`)).json(), [])
})
