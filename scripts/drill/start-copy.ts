import { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import type { ClusterCopy } from './copy-of.ts'

/** Starts real servers on this machine in the shape of the copy. */
export async function startCopy({ servers }: ClusterCopy, say: (line: string) => void): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ say, servers: servers.map(({ name, serverId, flavour, options }) => ({ name, serverId, flavour, options })) })
  try {
    // What AutoPseudoGTID needs beyond the grants of everybody; without GTID each may write it by itself.
    const withPseudoGtid = servers.filter(({ of, flavour }) => of.gtid === 'pseudo' && of.gtidMode !== 'ON' && flavour === 'mysql')
    for (const { name } of withPseudoGtid) await sandbox.server(name).sql("GRANT DROP ON `_pseudo_gtid_`.* TO orchestrator@'%'")
    for (const { name, below, of } of servers) if (below !== null) await sandbox.replicate(name, below, { gtid: of.gtid === 'mysql' || of.gtid === 'mariadb' })
    await Promise.all(servers.filter(({ readOnly }) => readOnly !== 'no').map(({ name, readOnly, flavour }) =>
      sandbox.server(name).sql(`SET GLOBAL ${readOnly === 'super' && flavour === 'mysql' ? 'super_read_only' : 'read_only'} = ON`)))
    for (const { name, of } of servers) {
      const server = sandbox.server(name)
      say(`  ${of.key} is ${server.key} here, ${server.version}, process ${server.pid}`)
    }
    return sandbox
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}
