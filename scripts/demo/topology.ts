import { Sandbox } from '../../test/harness/sandbox/sandbox.ts'

/** The servers' names are made of their ids (`db140`), by the query in the demo's configuration. */
const servers = [
  { name: 'db140', serverId: 140 },
  { name: 'db141', serverId: 141 },
  { name: 'db142', serverId: 142 },
  { name: 'db143', serverId: 143 },
] as const

/** Each with the one that it replicates from. */
export const demoShape = [{ name: 'db140', below: null }, { name: 'db141', below: 'db140' }, { name: 'db142', below: 'db140' }, { name: 'db143', below: 'db141' }] as const

/** db140 ← db141, db142; db141 ← db143. Replicas are super-read-only. */
export async function startTopology(say: (line: string) => void): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers, say })
  try {
    await Promise.all([sandbox.replicate('db141', 'db140'), sandbox.replicate('db142', 'db140'), sandbox.replicate('db143', 'db141')])
    await Promise.all(['db141', 'db142', 'db143'].map(name => sandbox.server(name).sql('SET GLOBAL super_read_only = ON')))
    for (const server of sandbox.servers) say(`  ${server.name} on ${server.key}, MySQL ${server.version}, process ${server.pid}`)
    return sandbox
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}
