import type { SharedStore } from '../../ports/shared-memory.ts'
import type { Store } from '../../ports/store.ts'
import { accessTokens } from './repositories/access-tokens.ts'
import { agents, hostAttributes } from './repositories/agents.ts'
import { analysisChanges } from './repositories/analysis-changes.ts'
import { attributes } from './repositories/attributes.ts'
import { audit } from './repositories/audit.ts'
import { candidates } from './repositories/candidates.ts'
import { aliases, domains } from './repositories/clusters.ts'
import type { Context } from './repositories/context.ts'
import { detections } from './repositories/detections.ts'
import { downtimes } from './repositories/downtimes.ts'
import { election } from './repositories/election.ts'
import { equivalences } from './repositories/equivalences.ts'
import { history } from './repositories/history.ts'
import { hostNames } from './repositories/host-names.ts'
import { Instances } from './repositories/instances.ts'
import { intents } from './repositories/intents.ts'
import { leases } from './repositories/leases.ts'
import { keyValues } from './repositories/key-values.ts'
import { locks } from './repositories/locks.ts'
import { maintenances } from './repositories/maintenances.ts'
import { node } from './repositories/node.ts'
import { pools } from './repositories/pools.ts'
import { pseudoGtid } from './repositories/pseudo-gtid.ts'
import { purge } from './repositories/purge.ts'
import { recoveries } from './repositories/recoveries.ts'
import { recoverySwitch } from './repositories/recovery-switch.ts'
import { seeds } from './repositories/seeds.ts'
import { SharedTables } from './repositories/shared-tables.ts'
import { snapshots } from './repositories/snapshots.ts'
import { tags } from './repositories/tags.ts'
import type { WriteWatch } from './write-watch.ts'

/** What managers of a group remember alike. */
const sharedStore = (context: Context): SharedStore => ({
  downtimes: downtimes(context), maintenances: maintenances(context), locks: locks(context), leases: leases(context), candidates: candidates(context),
  aliases: aliases(context), domains: domains(context), recoverySwitch: recoverySwitch(context), detections: detections(context), recoveries: recoveries(context),
  intents: intents(context), purge: purge(context), tags: tags(context), pools: pools(context), hostNames: hostNames(context), keyValues: keyValues(context),
  attributes: attributes(context), pseudoGtid: pseudoGtid(context), agents: agents(context), hostAttributes: hostAttributes(context), seeds: seeds(context), accessTokens: accessTokens(context),
})

/** The store over an open database whose tables are there. `alone`: connections of their own for what must not wait for anything else. */
export function kyselyStore(context: Context, watch: WriteWatch, alone = context.database): Store {
  const elects = election({ ...context, database: alone })
  const instances = new Instances(context)
  return {
    ...sharedStore(context), shared: new SharedTables(context, sharedStore),
    instances, audit: audit(context), election: elects, node: node({ ...context, database: alone }, elects), snapshots: snapshots(context), history: history(context), analysisChanges: analysisChanges(context), equivalences: equivalences(context),
    writesSince: from => watch.since(from),
    async close() {
      try {
        await instances.flush()
      } finally {
        await context.database.destroy()
        if (alone !== context.database) await alone.destroy()
      }
    },
  }
}
