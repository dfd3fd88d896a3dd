import type { Finding } from '../../model/analysis/finding.ts'
import type { AnalysisPolicy } from '../../model/analysis/policy.ts'
import type { Confirmation } from '../../model/recovery/confirmation.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Processes } from '../../ports/processes.ts'
import type { Publication } from '../../ports/publication.ts'
import type { Random } from '../../ports/random.ts'
import type { Transactions } from '../../ports/transactions.ts'
import type { Servers } from '../../ports/servers.ts'
import type { Store } from '../../ports/store.ts'
import type { WriteWaits } from '../../ports/write-waits.ts'
import type { Discovery } from '../discovery/discovery.ts'
import type { Execution } from '../execution/execution.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { AuditTrail } from '../journal/audit-trail.ts'
import type { Journal } from '../journal/journal.ts'
import type { RecoverySettings } from './settings.ts'

/** Everything that recovery reaches for. */
export interface RecoveryParts {
  readonly inventory: Inventory
  readonly discovery: Discovery
  readonly servers: Servers
  readonly store: Store
  readonly journal: Journal
  readonly audit: AuditTrail
  readonly execution: Execution
  readonly processes: Processes
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly settings: RecoverySettings
  /** What is under way on a server; left out: it is not asked. */
  readonly transactions?: Transactions
  /** Tells the world outside who takes writes; left out: nobody is told. */
  readonly publication?: Publication
  /** Left out: whether writes are stalled is not asked. */
  readonly writeWaits?: WriteWaits
  readonly analysis: AnalysisPolicy
  /** Owner of downtimes and acknowledgements that nobody asked for. */
  readonly node: { readonly hostname: string; readonly token: string; readonly owner: string }
  /** The program was started with -noop: nothing of a server is changed, and hooks of what nobody asked for do not run. */
  readonly changesNothing?: boolean
  /** Left out: no other manager is asked whether it sees a failure, too. */
  readonly agreement?: { confirmed(finding: Finding, confirmation: Confirmation): Confirmation; seek(finding: Finding): Promise<boolean> }
  /** This process may act. */
  isLeader(): boolean
}
