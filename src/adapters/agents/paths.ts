import type { AgentCommand } from '../../model/agents/agent.ts'
import { unreachable } from '../../kit/unreachable.ts'

/** The address of a command below /api/, every value escaped; so it stands in the audit as well. */
export function pathOf(command: AgentCommand): string {
  const escaped = encodeURIComponent
  switch (command.do) {
    case 'unmount':
      return 'umount'
    case 'mount':
      return `mountlv?lv=${escaped(command.volume)}`
    case 'remove-volume':
      return `removelv?lv=${escaped(command.volume)}`
    case 'create-snapshot':
      return 'create-snapshot'
    case 'stop-mysql':
      return 'mysql-stop'
    case 'start-mysql':
      return 'mysql-start'
    case 'erase-data':
      return 'delete-mysql-datadir'
    case 'receive':
      return `receive-mysql-seed-data/${command.seed}`
    case 'send':
      return `send-mysql-seed-data/${escaped(command.to)}/${command.seed}`
    case 'abort':
      return `abort-seed/${command.seed}`
    case 'post-copy':
      return `post-copy/?sourceHost=${escaped(command.from)}`
    case 'custom':
      return `custom-commands/${escaped(command.name)}`
    default:
      return unreachable(command)
  }
}
