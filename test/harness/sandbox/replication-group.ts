import { accounts } from './accounts.ts'
import { reservePorts } from './free-ports.ts'
import { Sandbox } from './sandbox.ts'

export const groupMembers = ['member-1', 'member-2', 'member-3'] as const

export interface GroupWish {
  /** Further servers, outside the group. */
  readonly beside?: readonly string[]
  /** Further options of the members. */
  readonly options?: readonly string[]
  /** Once the servers run, and before the group begins. */
  readonly before?: (sandbox: Sandbox) => Promise<void>
}

/** Three members of one MySQL group, `member-1` its primary, and servers beside it. */
export async function withReplicationGroup({ beside = [], options = [], before }: GroupWish, use: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const ports = await reservePorts(groupMembers.length)
  try {
    const seeds = ports.ports.map(port => `127.0.0.1:${port}`)
    const own = (index: number): readonly string[] => [
      '--plugin-load-add=group_replication.so', '--loose-group-replication-group-name=a1a1a1a1-b2b2-c3c3-d4d4-e5e5e5e5e5e5', '--loose-group-replication-start-on-boot=OFF',
      `--loose-group-replication-local-address=${seeds[index]}`, `--loose-group-replication-group-seeds=${seeds.join(',')}`, '--loose-group-replication-recovery-get-public-key=ON',
      ...options,
    ]
    await using sandbox = await Sandbox.start({ servers: [...groupMembers.map((name, index) => ({ name, options: own(index) })), ...beside.map(name => ({ name }))] })
    await before?.(sandbox)
    for (const name of groupMembers) {
      const server = sandbox.server(name)
      await server.sql(`CHANGE REPLICATION SOURCE TO SOURCE_USER='${accounts.replication.user}', SOURCE_PASSWORD='${accounts.replication.password}' FOR CHANNEL 'group_replication_recovery'`)
      if (name === 'member-1') await server.sql('SET GLOBAL group_replication_bootstrap_group = ON')
      await server.sql('START GROUP_REPLICATION')
      if (name === 'member-1') await server.sql('SET GLOBAL group_replication_bootstrap_group = OFF')
    }
    await use(sandbox)
  } finally {
    await ports.release()
  }
}
