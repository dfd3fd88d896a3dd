import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { Network, whyNoNetwork } from './network.ts'

const why = await whyNoNetwork()

/** Whether a server on `to` hears a connection from `from` within the time. */
async function reaches(network: Network, from: string, to: string): Promise<boolean> {
  const [enter, ...words] = network.command(to)
  const serving = promisify(execFile)(enter ?? '', [...words, process.execPath, '-e', `require('net').createServer(s=>{s.end();process.exit()}).listen(7000,'${network.address(to)}');setTimeout(()=>process.exit(1),1500)`])
    .then(() => true, () => false)
  const [enter2, ...words2] = network.command(from)
  const connect = `const go=()=>require('net').connect(7000,'${network.address(to)}').on('error',()=>setTimeout(go,20));go();setTimeout(()=>process.exit(),1600)`
  await Promise.all([serving, promisify(execFile)(enter2 ?? '', [...words2, process.execPath, '-e', connect]).catch(() => undefined)])
  return serving
}

test('hosts reach each other until they are cut, and again once that is mended', { skip: why === null ? false : why }, async () => {
  await using network = await Network.open(['db1', 'db2', 'manager'])
  assert.equal(await reaches(network, 'db1', 'db2'), true)
  await network.cutBoth('db1', 'db2')
  assert.equal(await reaches(network, 'db1', 'db2'), false)
  assert.equal(await reaches(network, 'manager', 'db2'), true, 'only that pair is cut')
  await network.heal()
  assert.equal(await reaches(network, 'db1', 'db2'), true)
})
