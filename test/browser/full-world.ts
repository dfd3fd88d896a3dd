import { Agent } from '../harness/agent/agent.ts'
import { freePort } from '../harness/recorded/free-port.ts'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'
import { startProgram, startShop, type Program } from './program.ts'

const patienceMilliseconds = 60_000
const listenerHost = '127.0.33.9'
export const agentHosts = ['127.0.33.1', '127.0.33.2'] as const

/** A shop in which something of everything is to be seen: a failover, an applier that broke, a transaction of its own, a downtime, tags, a pool, agents and a seed that failed. */
export interface FullWorld {
  readonly sandbox: Sandbox
  readonly program: Program
  /** The recovery of the primary that was killed. */
  readonly recovery: string
  readonly detection: string
  readonly seed: string
  [Symbol.asyncDispose](): Promise<void>
}

export async function startFullWorld(settings: Readonly<Record<string, unknown>> = {}): Promise<FullWorld> {
  const sandbox = await startShop()
  const port = await freePort(listenerHost)
  const program = await startProgram(sandbox, {
    isSeeded: true,
    settings: {
      AuditToBackendDB: true, ServeAgentsHttp: true, AgentsServerPort: `${listenerHost}:${port}`,
      DetectDataCenterQuery: "select if(@@server_id % 2 = 0, 'eu-west-1', 'eu-west-2')",
      PostFailoverProcesses: ['sleep 0.2'],
      ...settings,
    },
  })
  const peers = new Map<string, Agent>()
  const agents: Agent[] = []
  try {
    for (const [index, host] of agentHosts.entries()) {
      const agent = await Agent.start({ host, server: sandbox.server(`db14${index + 2}`), token: host, peers })
      peers.set(host, agent)
      agents.push(agent)
      await agent.register(`http://${listenerHost}:${port}`)
    }
    const ask = async (path: string): Promise<unknown> => (await fetch(`${program.address}/api/${path}`)).json()
    const slashed = (name: string): string => sandbox.server(name).key.replace(':', '/')
    await sandbox.server('db140').sql('CREATE DATABASE shop_goods')
    await sandbox.server('db140').sql('CREATE TABLE shop_goods.items (id INT PRIMARY KEY)')
    await ask(`tag/${slashed('db142')}?tag=role%3Dbackup`)
    await ask(`tag/${slashed('db142')}?tag=owner%3Dpayments`)
    await ask(`submit-pool-instances/readers?instances=${encodeURIComponent(`${sandbox.server('db142').key},nosuch:3306`)}`)
    await ask(`agent-create-snapshot/${agentHosts[0]}`)
    const seed = String(await ask(`agent-seed/${agentHosts[1]}/${agentHosts[0]}`))
    await sandbox.server('db140').kill()
    const recovery = await until(async () => {
      const [first] = (await ask('audit-recovery')) as readonly { readonly UID: string; readonly IsSuccessful: boolean }[]
      return first?.IsSuccessful === true ? first.UID : null
    })
    const [detection] = (await ask('audit-failure-detection')) as readonly { readonly Id: number }[]
    await ask(`begin-downtime/${slashed('db141')}/bob/new%20disks/3h`)
    await breakApplier(sandbox)
    await until(async () => ((await ask(`instance/${slashed('db143')}`)) as { readonly LastSQLError?: string }).LastSQLError !== '' ? true : null)
    return {
      sandbox, program, recovery, seed, detection: String(detection?.Id),
      async [Symbol.asyncDispose]() {
        await program[Symbol.asyncDispose]()
        for (const agent of agents) await agent[Symbol.asyncDispose]()
        await sandbox.stop()
      },
    }
  } catch (error) {
    await program[Symbol.asyncDispose]()
    for (const agent of agents) await agent[Symbol.asyncDispose]()
    await sandbox.stop()
    throw error
  }
}

/** db143 holds a row that the new primary, db142, writes, too; db141 has a transaction that nobody else has, and hands it on. */
async function breakApplier(sandbox: Sandbox): Promise<void> {
  for (const name of ['db141', 'db143']) await sandbox.server(name).sql('SET GLOBAL super_read_only = OFF')
  await sandbox.server('db143').sql('INSERT INTO shop_goods.items VALUES (1)')
  await sandbox.server('db141').sql('CREATE DATABASE of_its_own')
  await sandbox.server('db142').sql('INSERT INTO shop_goods.items VALUES (1)')
}

async function until<Value>(ask: () => Promise<Value | null>): Promise<Value> {
  const deadline = performance.now() + patienceMilliseconds
  while (performance.now() < deadline) {
    const found = await ask().catch(() => null)
    if (found !== null) return found
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('the world did not become what it is meant to be')
}
