import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Managers } from '../../harness/raft/managers.ts'
import { until } from '../../harness/recorded/api.ts'
import { Sandbox } from '../../harness/sandbox/sandbox.ts'
import { violations } from '../axe.ts'
import { openBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'

const patience = { timeout: 90_000 }

test('a manager that is left alone of three says that nobody leads and how many answer, shows what it knows, and disables what changes, with the reason; when another one is back all heals without a reload', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using managers = await Managers.start()
  const first = await managers.all()
  await managers.change(first.number, `discover/${sandbox.server('primary').key.replace(':', '/')}`)
  for (const number of managers.running.keys()) await until(async () => managers.serversReadBy(number), count => count === 4, 60_000)
  const leader = await managers.leader()
  const [alone = -1, gone = -1] = [0, 1, 2].filter(number => number !== leader.number)
  const browser = await openBrowser({ executable: await chromiumBinary() })
  try {
    const { page } = await browser.page()
    const { address } = managers.of(alone).program
    await page.goto(`${address}/web/cluster/alias/ci`)
    await page.getByRole('treeitem').nth(3).waitFor(patience)
    assert.equal(await page.getByText(/managers answer/).count(), 0)
    await managers.kill(leader.number)
    await managers.kill(gone)
    await page.getByRole('alert').getByText('No leader: 1 of 3 managers answer, 2 are needed', { exact: false }).waitFor(patience)
    assert.equal(await page.getByRole('treeitem').count(), 4, 'what is known stays')
    await page.getByRole('link', { name: 'No leader' }).waitFor(patience)

    await page.getByRole('treeitem').nth(1).click({ button: 'right' })
    const downtime = page.getByRole('menuitem', { name: /downtime/i }).first()
    await downtime.waitFor(patience)
    assert.equal(await downtime.isDisabled(), true)
    await page.keyboard.press('Escape')

    await page.goto(`${address}/web/status`)
    await page.getByText('There is no leader: failures are seen but not recovered.').waitFor(patience)
    assert.equal(await page.getByText('Healthy', { exact: false }).count(), 0)
    await page.getByRole('heading', { name: 'Managers' }).waitFor(patience)
    assert.deepEqual(await violations(page), [])
    await page.goto(`${address}/web/clusters`)
    await page.getByRole('main').getByRole('link', { name: 'ci', exact: true }).first().waitFor(patience)

    await managers.start(gone)
    await page.getByText('No leader:').waitFor({ state: 'detached', ...patience })
    await page.getByRole('link', { name: /→ leader|^Leader/ }).waitFor(patience)
    assert.equal(await page.getByRole('alert').filter({ hasText: 'leader' }).count(), 0)
  } finally {
    await browser.close()
  }
})
