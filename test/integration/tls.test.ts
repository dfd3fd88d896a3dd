import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, request, type RequestOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, TLSSocket } from 'node:tls'
import { serverTls } from '../../src/http/tls/server-tls.ts'
import { Authority, type Certificate } from '../harness/raft/certificates.ts'
import { freePort } from '../harness/recorded/free-port.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'
import { triedService, type TriedService } from '../harness/service/service.ts'

const folder = temporaryFolder()
const authority = new Authority()
const own = authority.issue('127.0.0.1')
const dba = authority.issue('ann', ['staff', 'dba'])
const [visitor, stranger] = [authority.issue('eve', ['visitors']), new Authority('another authority').issue('mallory', ['dba'])]
const password = 'pass phrase'

function file(name: string, text: string): string {
  const path = join(folder.path, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

const key = file('key.pem', own.key)
const lockedKey = file('locked-key.pem', createPrivateKey(own.key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password }).toString())
const certificate = file('certificate.pem', own.certificate)
const authorityFile = file('authority.pem', authority.certificate)
const mutual = { UseSSL: true, UseMutualTLS: true, SSLCertFile: certificate, SSLCAFile: authorityFile, SSLValidOUs: ['dba', 'operators'] }

let service: TriedService
let strict: TriedService

before(async () => {
  service = await triedService({ ...mutual, SSLPrivateKeyFile: key })
  strict = await triedService({ ...mutual, SSLPrivateKeyFile: lockedKey, SSLPrivateKeyPassword: password, StatusOUVerify: true, StatusEndpoint: '/my-status', URLPrefix: '/orc' })
})

after(async () => {
  await service?.[Symbol.asyncDispose]()
  await strict?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

interface Told {
  readonly status: number
  readonly body: string
}

/** The path goes out as it stands. */
function ask(of: Pick<TriedService, 'address'>, path: string, shows: Certificate | null, more: RequestOptions = {}): Promise<Told> {
  const { port } = new URL(of.address)
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1', port, path, agent: false, ca: authority.certificate, ...(shows === null ? {} : { key: shows.key, cert: shows.certificate }), ...more,
    }, response => {
      let body = ''
      response.on('data', piece => (body += String(piece)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

const invalid: Told = { status: 401, body: 'Invalid OU\n' }

test('a client certificate of a valid organisational unit lets in, no other does, and none at all reads the status alone', async () => {
  assert.ok(service.address.startsWith('https://'))
  assert.equal((await ask(service, '/api/clusters', dba)).status, 200)
  assert.deepEqual(await ask(service, '/api/clusters', visitor), invalid)
  assert.deepEqual(await ask(service, '/api/clusters', null), invalid)
  assert.deepEqual(await ask(service, '/web/clusters', null), invalid)
  assert.match((await ask(service, '/api/status', null)).body, /"Code":"OK"/)
  assert.match((await ask(service, '/api/status?x', visitor)).body, /"Code":"OK"/)
  await assert.rejects(ask(service, '/api/status', stranger), 'a certificate of another authority')
})

test('the path of the status check opens nothing else, however it is written', async () => {
  const tricks = [
    '/api/clusters?x=/api/status', '/api/begin-downtime/127.0.0.1/1/o/r?/api/status', '/api/clusters#/api/status', '/api/status/../clusters', '/api/status%2f..%2fclusters', '/api/clusters/api/status',
    '//api/status', '/api/status/x', '/API/status', '/api/status%00', '/api/status;/api/clusters', '/web/access-token?publicToken=/api/status',
  ]
  for (const path of tricks) assert.deepEqual(await ask(service, path, null), invalid, path)
})

test('where it is wished the status needs a unit too, and the key may be encrypted', async () => {
  assert.deepEqual(await ask(strict, '/my-status', null), invalid)
  assert.match((await ask(strict, '/my-status', dba)).body, /"Code":"OK"/)
  assert.equal((await ask(strict, '/api/status', dba)).status, 404)
  assert.equal((await ask(strict, '/orc/api/clusters', dba)).status, 200)
  assert.equal((await ask(strict, '/api/clusters', dba)).status, 404)
})

test('a certificate that was renewed in its place is shown after a reload, and a broken one is not', async () => {
  const files = { SSLPrivateKeyFile: file('renewed-key.pem', own.key), SSLCertFile: file('renewed.pem', own.certificate) }
  await using renewed = await triedService({ UseSSL: true, ...files })
  const shown = (): Promise<string> => new Promise((resolve, reject) => {
    const { port } = new URL(renewed.address)
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca: authority.certificate }, () => {
      resolve(socket.getPeerCertificate().serialNumber)
      socket.destroy()
    })
    socket.on('error', reject)
  })
  const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
    for (const end = Date.now() + 30_000; !(await isSo());) {
      assert.ok(Date.now() < end, renewed.faults.join())
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const first = await shown()
  const next = authority.issue('127.0.0.1')
  file('renewed-key.pem', next.key)
  file('renewed.pem', next.certificate)
  renewed.reload()
  await until(async () => (await shown()) !== first)
  const second = await shown()
  file('renewed.pem', own.certificate)
  renewed.reload()
  await until(() => renewed.faults.length > 0)
  assert.match(renewed.faults.join(), /former key and certificate stay in use.*belongs to another private key/)
  assert.equal(await shown(), second)
})

test('the port of agents takes an agent with a certificate of a valid unit alone, and speaks TLS to it, showing its own and looking at the agent\'s', async () => {
  const agentsHost = '127.0.31.61'
  const [agents, address] = [authority.issue(agentsHost, ['agents']), `127.0.31.62:${await freePort('127.0.31.62')}`]
  const managerOnAgents = authority.issue('127.0.31.62', ['managers'])
  const files = { AgentSSLPrivateKeyFile: file('agents-key.pem', managerOnAgents.key), AgentSSLCertFile: file('agents.pem', managerOnAgents.certificate), AgentSSLCAFile: authorityFile }
  await using served = await triedService({ ServeAgentsHttp: true, AgentsServerPort: address, AgentsUseSSL: true, AgentsUseMutualTLS: true, AgentSSLValidOUs: ['agents'], ...files })
  const port = { address: `https://${address}` }
  const call = (path: string, shows: Certificate | null, more: RequestOptions = {}): Promise<Told> => ask(port, path, shows, { host: '127.0.31.62', ...more })
  const seen: string[] = []
  const listening = (own: Certificate): ReturnType<typeof createServer> => createServer({ key: own.key, cert: own.certificate, ca: authority.certificate, requestCert: true, rejectUnauthorized: true }, (asked, answer) => {
    const peer = asked.socket instanceof TLSSocket ? asked.socket.getPeerCertificate() : null
    seen.push(`${String(peer?.subject.CN)} ${new URL(asked.url ?? '', 'https://agent').pathname}`)
    answer.writeHead(200, { 'Content-Type': 'application/json' }).end('3306')
  })
  const [agent, impostor] = [listening(agents), listening(new Authority('another authority').issue(agentsHost))]
  const portOf = async (of: typeof agent): Promise<number> => {
    await new Promise<void>(resolve => of.listen(0, agentsHost, resolve))
    return (of.address() as AddressInfo).port // it listens on a port
  }
  try {
    const [agentPort, impostorPort] = [await portOf(agent), await portOf(impostor)]
    assert.deepEqual(await call(`/api/submit-agent/${agentsHost}/${agentPort}/t`, visitor), invalid)
    assert.deepEqual(await call(`/api/submit-agent/${agentsHost}/${agentPort}/t`, null), invalid)
    assert.deepEqual(await call('/api/agent-ping', null), invalid, 'nothing is open there')
    await assert.rejects(call(`/api/submit-agent/${agentsHost}/${agentPort}/t`, stranger), 'a certificate of another authority')
    await assert.rejects(fetch(`http://${address}/api/agents-hosts`), 'without TLS')
    assert.deepEqual(JSON.parse((await call('/api/agents-hosts', agents)).body), [], 'none of these was taken')
    assert.deepEqual(await call(`/api/submit-agent/${agentsHost}/${agentPort}/t`, agents), { status: 200, body: JSON.stringify(agentsHost) })
    assert.deepEqual(JSON.parse((await call('/api/agents-hosts', agents)).body), [agentsHost])

    await fetch(`${served.address}/api/agent/${agentsHost}`)
    assert.ok(seen.length > 0 && seen.every(line => line.startsWith('127.0.31.62 /api/')), seen.join('\n'))
    assert.ok(seen.some(line => line.endsWith('/api/mysql-port')), seen.join('\n'))
    seen.length = 0
    assert.equal((await call(`/api/submit-agent/${agentsHost}/${impostorPort}/t`, agents)).status, 200)
    assert.match(await (await fetch(`${served.address}/api/agent/${agentsHost}`)).text(), /certificate/)
    assert.deepEqual(seen, [], 'whoever answers with a certificate of another authority is told nothing, the token least of all')
  } finally {
    for (const one of [agent, impostor]) {
      one.closeAllConnections()
      await new Promise<void>(resolve => one.close(() => resolve()))
    }
  }
})

test('older versions of TLS than 1.2 are refused', async () => {
  const old: RequestOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
  await assert.rejects(ask(service, '/api/status', dba, old))
  assert.equal((await ask(service, '/api/status', dba, { maxVersion: 'TLSv1.2' })).status, 200)
})

test('what is wrong with the files of TLS is said, by the key that names them, and without the password', async () => {
  const keys = { keyFile: 'SSLPrivateKeyFile', certificateFile: 'SSLCertFile', authorityFile: 'SSLCAFile' }
  const files = { keyFile: key, certificateFile: certificate, authorityFile, asksClients: true, keys }
  const nothing = file('nothing.pem', 'nothing')
  const says = async (more: Partial<typeof files>, passphrase: string | null = null): Promise<string> => {
    const made = await serverTls({ ...files, ...more }, () => Promise.resolve(passphrase))
    return made.ok ? 'made' : made.failure
  }
  assert.equal(await says({}), 'made')
  assert.equal(await says({ keyFile: lockedKey }, password), 'made')
  assert.equal(await says({ authorityFile: '' }), 'made', 'those that the system trusts')
  assert.equal(await says({ keyFile: '' }), 'TLS needs both SSLPrivateKeyFile and SSLCertFile')
  assert.match(await says({ keyFile: join(folder.path, 'gone.pem') }), /^SSLPrivateKeyFile .*gone\.pem cannot be read: ENOENT/)
  assert.match(await says({ keyFile: nothing }), /holds no private key in PEM form$/)
  assert.match(await says({ keyFile: lockedKey }), /is encrypted, and its password is neither set/)
  assert.match(await says({ keyFile: lockedKey }, 'wrong phrase'), /cannot be opened with the password that was given$/)
  assert.match(await says({ keyFile: file('other.pem', dba.key) }), /^SSLCertFile .* belongs to another private key$/)
  assert.match(await says({ certificateFile: nothing }), /^SSLCertFile .*holds no certificate in PEM form/)
  assert.match(await says({ authorityFile: nothing }), /^SSLCAFile .*holds no certificate in PEM form$/)
  assert.match(await says({ authorityFile: file('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n') }), /^SSLCAFile .*cannot be read: /)
})
