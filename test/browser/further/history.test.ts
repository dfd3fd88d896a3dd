import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { HistoryView, PastChangesView, PastView } from '../../../src/contract/history.ts'
import { until } from '../../harness/recorded/api.ts'
import type { Sandbox } from '../../harness/sandbox/sandbox.ts'
import { violations } from '../axe.ts'
import { openBrowser, type TestBrowser, type WatchedPage } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { ClusterPage } from '../cluster-page.ts'
import { startProgram, startShop, type Program } from '../program.ts'

const patience = { timeout: 30_000 }
let sandbox: Sandbox
let program: Program
let browser: TestBrowser
let watched: WatchedPage
let page: Page
/** Moments between what was done, by the clock of the program. */
const moments = { atFirst: 0, moved: 0, recovered: 0 }

const ask = async <Answer>(path: string): Promise<Answer> => {
  const answer = await fetch(`${program.address}/api/v2/${path}`)
  assert.equal(answer.status, 200, `${path}: ${answer.status}`)
  return (await answer.json()) as Answer // the contract of the address
}
const history = (): Promise<HistoryView> => ask<HistoryView>('history?cluster=shop')
const pictureOfNow = (): Promise<PastView> => ask<PastView>(`history/picture?cluster=shop&at=${Date.now()}`)
/** Waits until it is written down that something of that kind changed after a moment; answers when. */
async function written(kind: string, since: number): Promise<number> {
  return until(async () => (await history()).marks.findLast(mark => mark.at > since && mark.kinds.some(each => each === kind))?.until ?? 0, at => at > 0, 60_000)
}

before(async () => {
  sandbox = await startShop()
  program = await startProgram(sandbox, { isSeeded: true })
  await until(history, ({ from }) => from !== null, 60_000)
  // The first picture has whoever was known by then.
  const { at } = await until(pictureOfNow, ({ servers }) => servers.length === 4 && servers.every(({ statuses }) => statuses[0]?.severity === 'ok'), 60_000)
  moments.atFirst = at
  const key = (name: string): string => sandbox.server(name).key
  const moved = await fetch(`${program.address}/api/v2/operations/relocate`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: { instance: key('db142'), destination: key('db141') }, wait: true }),
  })
  assert.equal(moved.status, 200, await moved.text())
  moments.moved = (await written('source', moments.atFirst)) + 1
  // Recoveries lead to ten seconds before they began.
  await until(history, ({ now }) => now > moments.atFirst + 11_000, 60_000)
  await sandbox.server('db140').kill()
  moments.recovered = (await written('cluster', moments.moved)) + 1
  browser = await openBrowser({ executable: await chromiumBinary() })
  watched = await browser.page()
  page = watched.page
})

after(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  await sandbox?.stop()
})

test('the tree is drawn as it was, step by step back, in a page that says so and in which nothing can be done', async () => {
  const shop = new ClusterPage(page)
  await page.goto(`${program.address}/web/cluster/alias/shop`)
  await page.getByRole('treeitem', { name: /^db141, primary/ }).waitFor(patience)
  await page.getByRole('button', { name: 'History', exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'nothing can be changed here' }).waitFor(patience)
  await page.getByRole('treeitem', { name: /^db141, primary, Writable/ }).waitFor(patience)
  for (let step = 0; step < 40 && !(await page.getByRole('treeitem', { name: /^db140, primary, Writable/ }).isVisible()); step += 1) {
    await page.getByRole('button', { name: 'Previous change' }).click()
    await page.waitForTimeout(400)
  }
  await page.getByRole('treeitem', { name: /^db140, primary, Writable/ }).waitFor(patience)
  assert.match(page.url(), /[?&]at=\d{13}/)
  await page.getByText(/It was called .*:\d+ then|As it was at/).first().waitFor()
  await shop.card('db140').click({ button: 'right' })
  await shop.card('db140').focus()
  await page.keyboard.press('Shift+F10')
  assert.equal(await page.getByRole('menu').count(), 0)
  assert.equal(await page.getByRole('button', { name: /Actions on/ }).count(), 0)
  await page.getByRole('button', { name: 'Back to now' }).click()
  await page.getByRole('treeitem', { name: /^db141, primary/ }).waitFor(patience)
  assert.doesNotMatch(page.url(), /at=/)
  assert.deepEqual(watched.complaints, [])
})

test('a link shows one moment, and another what changed between two: every change with its time, or the difference', async () => {
  await page.goto(`${program.address}/web/cluster/alias/shop?at=${moments.atFirst}`)
  await page.getByRole('treeitem', { name: /^db142, replica of db140/ }).waitFor(patience)
  await page.goto(`${program.address}/web/cluster/alias/shop?from=${moments.atFirst}&to=${moments.recovered}`)
  await page.getByRole('treeitem', { name: /^db141, primary, Writable/ }).waitFor(patience)
  const changes = page.getByRole('region', { name: 'What changed' })
  await changes.getByText(/^Between /).waitFor(patience)
  const moved = changes.getByRole('row', { name: /db142 Source db140 db141/ })
  await moved.waitFor(patience)
  await changes.getByRole('row', { name: /db140.* Status Writable Unreachable/ }).first().waitFor(patience)
  await moved.getByRole('button').click()
  await page.getByRole('treeitem', { name: /^db142, replica of db141/ }).waitFor(patience)
  await page.getByRole('treeitem', { name: /^db140, primary, Writable/ }).waitFor(patience)
  await page.goto(`${program.address}/web/cluster/alias/shop?from=${moments.atFirst}&to=${moments.recovered}`)
  await changes.getByRole('button', { name: 'The difference' }).click()
  await changes.getByRole('row', { name: /db141 Role intermediate primary primary/ }).waitFor(patience)
  assert.equal(await changes.getByRole('columnheader', { name: 'When' }).count(), 0)
})

test('the slider goes from change to change by keyboard, and the field for date and time takes a moment', async () => {
  await page.goto(`${program.address}/web/cluster/alias/shop?at=${moments.recovered}`)
  const slider = page.getByRole('slider', { name: 'Moment' })
  await slider.waitFor(patience)
  await slider.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.getByRole('treeitem', { name: /^db142, replica of db140/ }).or(page.getByRole('treeitem', { name: /^db142, replica of db141/ })).first().waitFor(patience)
  const before = await slider.getAttribute('aria-valuenow')
  await page.keyboard.press('ArrowRight')
  assert.ok(Number(await slider.getAttribute('aria-valuenow')) > Number(before))
  await page.getByLabel('Date and time').fill(new Date(moments.atFirst - new Date().getTimezoneOffset() * 60_000 + 1000).toISOString().slice(0, 19))
  await page.getByRole('treeitem', { name: /^db142, replica of db140/ }).waitFor(patience)
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /ago$/)
})

test('a recovery leads to the topology before and after it', async () => {
  const { recoveries } = await ask<{ readonly recoveries: readonly { readonly uid: string }[] }>('recoveries')
  await page.goto(`${program.address}/web/audit-recovery/uid/${encodeURIComponent(recoveries[0]?.uid ?? '')}`)
  await page.getByRole('link', { name: 'Topology before' }).click()
  await page.getByRole('treeitem', { name: /^db140, primary/ }).waitFor(patience)
  await page.goBack()
  await page.getByRole('link', { name: 'Topology after' }).click()
  await page.getByRole('treeitem', { name: /^db141, primary, Writable/ }).waitFor(patience)
})

test('it is whole on a phone, in Chinese, in the dark, and without barriers', async () => {
  const phone = await openBrowser({ executable: await chromiumBinary(), viewport: { width: 390, height: 844 }, language: 'zh', theme: 'dark' })
  try {
    const { page: small } = await phone.page()
    await small.goto(`${program.address}/web/cluster/alias/shop?from=${moments.atFirst}&to=${moments.recovered}`)
    await small.getByText('此处不能做任何更改').first().waitFor(patience)
    await small.getByRole('list', { name: '该时刻的服务器' }).getByText('db143').waitFor(patience)
    await small.getByText('复制源').first().waitFor(patience)
    assert.ok(await small.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), 'nothing scrolls sideways')
    assert.deepEqual(await violations(small), [])
  } finally {
    await phone.close()
  }
  assert.deepEqual(await violations(page), [])
})

test('what is asked wrongly is told so, and a moment of which nothing is kept is not invented', async () => {
  const status = async (path: string): Promise<readonly [number, string]> => {
    const answer = await fetch(`${program.address}/api/v2/${path}`)
    const { code, text } = (await answer.json()) as { readonly code?: string; readonly text?: string } // an error of version 2
    return [answer.status, `${code}: ${text}`]
  }
  for (const path of ['history/picture?at=yesterday', 'history/picture', `history/picture?at=${Date.now() + 3_600_000}`, 'history/changes?from=x']) {
    const [code, text] = await status(path)
    assert.equal(code, 400, path)
    assert.match(text, /moment-unreadable: .*(at|from) must be a time/)
  }
  assert.match((await status(`history/changes?from=${moments.moved}&to=${moments.atFirst}`)).join(' '), /400 moments-unordered/)
  assert.match((await status('history/picture?at=1000')).join(' '), /404 no-history-of: .*1970/)
  const [first, byTime] = await Promise.all([ask<PastView>(`history/picture?at=${moments.atFirst}`), ask<PastView>(`history/picture?at=${new Date(moments.atFirst).toISOString()}&cluster=shop`)])
  assert.deepEqual([first.servers.length, byTime.servers.length, byTime.cluster?.alias], [4, 4, 'shop'])
  const { changes } = await ask<PastChangesView>(`history/changes?from=${moments.atFirst}&cluster=shop`)
  assert.ok(changes.every(({ at }) => at > moments.atFirst))
})

test('after a restart the history goes on, and the time between is known as a gap', async () => {
  // It is ready when every server answers it.
  await sandbox.server('db140').start()
  const { spans } = await history()
  await program.restart()
  const later = await until(history, view => view.spans.length > spans.length, 60_000)
  assert.equal(later.spans.length, spans.length + 1)
  const shown = await ask<PastView>(`history/picture?at=${moments.atFirst}&cluster=shop`)
  assert.deepEqual(shown.servers.map(({ statuses }) => statuses[0]?.code).toSorted(), ['replicating', 'replicating', 'replicating', 'writable'])
})
