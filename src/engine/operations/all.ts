import type { Contract } from '../../contract/all.ts'
import type { Handler } from './handler.ts'
import { accessTokenHandlers } from './handlers/access-token.ts'
import { actHandlers } from './handlers/acts.ts'
import { agentHandlers } from './handlers/agents.ts'
import { analysisHandlers } from './handlers/analysis.ts'
import { candidateHandlers } from './handlers/candidates.ts'
import { clusterHandlers } from './handlers/clusters.ts'
import { configurationHandlers } from './handlers/configuration.ts'
import { discoveryHandlers } from './handlers/discovery.ts'
import { whatIfHandlers } from './handlers/what-if.ts'
import { doctorHandlers } from './handlers/doctor.ts'
import { returnedHandlers } from './handlers/returned.ts'
import { downtimeHandlers } from './handlers/downtime.ts'
import { equivalenceHandlers } from './handlers/equivalences.ts'
import { instanceHandlers } from './handlers/instances.ts'
import { moveHandlers } from './handlers/moves.ts'
import { maintenanceHandlers } from './handlers/maintenance.ts'
import { metricHandlers } from './handlers/metrics.ts'
import { nameHandlers } from './handlers/names.ts'
import { poolHandlers } from './handlers/pools.ts'
import { pseudoGtidHandlers } from './handlers/pseudo-gtid.ts'
import { publicationHandlers } from './handlers/publication.ts'
import { raftHandlers } from './handlers/raft.ts'
import { recoveryHandlers } from './handlers/recovery.ts'
import { relocationHandlers } from './handlers/relocation.ts'
import { replicationHandlers } from './handlers/replication.ts'
import { serviceHandlers } from './handlers/service.ts'
import { tagHandlers } from './handlers/tags.ts'
import { whichHandlers } from './handlers/which.ts'

/** One handler for each operation of the contract: a missing one, and one too many, does not compile. */
export const handlers: { readonly [Name in keyof Contract]: Handler<Contract[Name]> } = {
  ...configurationHandlers,
  ...relocationHandlers, ...moveHandlers, ...pseudoGtidHandlers, ...replicationHandlers, ...actHandlers, ...instanceHandlers, ...clusterHandlers, ...discoveryHandlers, ...downtimeHandlers, ...analysisHandlers,
  ...recoveryHandlers, ...serviceHandlers, ...accessTokenHandlers, ...raftHandlers, ...publicationHandlers,
  ...agentHandlers, ...tagHandlers, ...poolHandlers, ...candidateHandlers, ...maintenanceHandlers, ...nameHandlers, ...metricHandlers, ...whichHandlers, ...doctorHandlers, ...whatIfHandlers, ...returnedHandlers, ...equivalenceHandlers,
}
