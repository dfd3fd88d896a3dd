import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent } from '../harness/agent/agent.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { freePort } from '../harness/recorded/free-port.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const [oldHost, newHost, serviceHost] = ['127.0.31.1', '127.0.31.2', '127.0.31.9']

interface AgentJson {
  readonly Hostname: string
  readonly Token: string
  readonly MySQLPort: number
  readonly MySQLRunning: boolean
  readonly LogicalVolumes: readonly { readonly Path: string }[] | null
  readonly MountPoint: { readonly IsMounted: boolean }
}
interface SeedJson { readonly SeedId: number; readonly IsComplete: boolean; readonly IsSuccessful: boolean }
interface StateJson { readonly Action: string; readonly ErrorMessage: string }

async function started(configuration: string): Promise<RunningProgram> {
  const program = await startProgram([`-config=${configuration}`])
  if (!isRunning(program)) throw new Error(program.stderr)
  return program
}

test('agents register, and the data of one host are copied to another by them, also when the manager is killed during the copy; nothing is erased below a MySQL that runs', async () => {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'old', host: oldHost }, { name: 'new', host: newHost }] })
  const [source, target] = [sandbox.server('old'), sandbox.server('new')]
  await source.sql('CREATE DATABASE kept')
  await source.sql("CREATE TABLE kept.rows_kept AS SELECT 7 AS id, 'seven' AS name")
  await target.sql('CREATE DATABASE before_it')
  const peers = new Map<string, Agent>()
  await using oldAgent = await Agent.start({ host: oldHost, server: source, token: 'old+token.1', peers, customCommands: { hello: 'world' } })
  await using newAgent = await Agent.start({ host: newHost, server: target, token: 'new-token', peers })
  peers.set(oldHost, oldAgent).set(newHost, newAgent)
  using folder = temporaryFolder()
  const port = await freePort(serviceHost)
  const configuration = writeConfiguration(folder.path, { ServeAgentsHttp: true, AgentsServerPort: `${serviceHost}:${port}`, AgentsAllowedHosts: ['127\\.0\\.31\\.[12]'], Debug: true })
  const listener = `http://${serviceHost}:${port}`
  let program = await started(configuration)
  try {
    let api = new Api(program.address)
    assert.deepEqual(await api.get('/api/agents'), [])
    assert.equal(await oldAgent.register(listener), oldHost)
    assert.equal(await newAgent.register(listener), newHost)
    assert.deepEqual(await (await fetch(`${listener}/api/submit-agent/db.example.com/3002/t`)).json(), { Code: 'ERROR', Message: 'AgentsAllowedHosts allows no host db.example.com', Details: null })
    assert.equal((await fetch(`${listener}/api/submit-agent/${oldHost}/x/t`)).status, 200, 'errors too')
    assert.equal(await (await fetch(`${listener}/api/host-attribute/${oldHost}/rack/r7`)).json(), true)
    assert.deepEqual((await (await fetch(`${listener}/api/host-attribute/attr/rack/?valueMatch=^r`)).json() as readonly Record<string, string>[]).map(({ Hostname, AttributeName, AttributeValue }) => [Hostname, AttributeName, AttributeValue]), [[oldHost, 'rack', 'r7']])
    await until(() => api.get<readonly AgentJson[]>('/api/agents'), agents => agents.length === 2 && agents.every(({ MySQLPort }) => MySQLPort > 0), 30_000)
    assert.equal(await (await fetch(`${listener}/api/agents-instances?format=txt`)).text(), `${oldHost}:${source.port}\n${newHost}:${target.port}\n`)
    await until(() => api.get<readonly unknown[]>('/api/all-instances'), all => all.length === 2, 30_000)

    assert.match(String((await api.get<{ readonly Message: string }>('/api/agent/nosuch')).Message), /^Cannot get agent\/token: nosuch$/)
    assert.equal(await api.get(`/api/agent-custom-command/${oldHost}/hello`), '"world"')
    assert.match((await api.former(`agent-custom-command/${oldHost}/rm`)).Message, /command rm is not allowed/)
    const withSnapshot = await api.get<AgentJson>(`/api/agent-create-snapshot/${oldHost}`)
    assert.deepEqual([withSnapshot.Hostname, withSnapshot.Token, withSnapshot.MySQLRunning, withSnapshot.LogicalVolumes?.length, withSnapshot.MountPoint.IsMounted], [oldHost, '', true, 1, false])

    const ended = async (id: number): Promise<SeedJson | undefined> => (await until(() => api.get<readonly SeedJson[]>(`/api/agent-seed-details/${id}`), ([seed]) => seed?.IsComplete === true, 120_000))[0]
    const refused = await api.get<number>(`/api/agent-seed/${newHost}/${oldHost}`)
    assert.equal((await ended(refused))?.IsSuccessful, false)
    const states = (id: number): Promise<readonly StateJson[]> => api.get(`/api/agent-seed-states/${id}`)
    assert.deepEqual((await states(refused)).slice(0, 1).map(({ Action, ErrorMessage }) => [Action, ErrorMessage]), [
      [`Checking MySQL status on target ${newHost}`, 'MySQL is running on target host. Cowardly refusing to proceed. Please stop the MySQL service'],
    ])
    assert.ok(!newAgent.asked.some(path => path.startsWith('delete-mysql-datadir')))
    assert.match((await api.former(`agent-seed/${newHost}/${newHost}`)).Message, /^Cannot seed 127\.0\.31\.2 onto itself$/)

    assert.equal((await api.get<AgentJson>(`/api/agent-mysql-stop/${newHost}`)).MySQLRunning, false)
    let isSent = (): void => {}
    const sent = new Promise<void>(resolve => (isSent = resolve))
    oldAgent.before = async path => { if (path.startsWith('send-mysql-seed-data')) isSent() }
    const seed = await api.get<number>(`/api/agent-seed/${newHost}/${oldHost}`)
    assert.equal((await api.former(`agent-seed/${newHost}/${oldHost}`)).Message, `${newHost} takes part in seed ${seed} already`)
    await sent
    await program.kill()
    program = await started(configuration)
    api = new Api(program.address)
    const end = await ended(seed)
    const rows = await states(seed)
    assert.equal(end?.IsSuccessful, true, JSON.stringify(rows))
    assert.deepEqual([rows[0]?.Action, rows.filter(({ ErrorMessage }) => ErrorMessage !== '')], ['Done', []])
    assert.equal(rows.filter(({ Action }) => Action.startsWith('Erasing MySQL data')).length, 1)
    assert.deepEqual(await target.sql('SELECT id, name FROM kept.rows_kept'), [{ id: 7, name: 'seven' }])
    assert.deepEqual(await target.sql("SHOW DATABASES LIKE 'before_it'"), [])
    assert.equal((await api.get<AgentJson>(`/api/agent/${oldHost}`)).MountPoint.IsMounted, false)
    assert.ok(oldAgent.tokenIn.header && oldAgent.tokenIn.query, 'old agents find it in the address')
    assert.ok(!/old(\+|%2B)token|new-token/.test(program.log()), 'no token is logged')
  } finally {
    await program.stop()
  }
})
