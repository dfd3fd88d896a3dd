import type { Store } from '../../ports/store.ts'
import { audit } from './repositories/audit.ts'
import { candidates } from './repositories/candidates.ts'
import { aliases, domains } from './repositories/clusters.ts'
import type { Context } from './repositories/context.ts'
import { detections } from './repositories/detections.ts'
import { downtimes } from './repositories/downtimes.ts'
import { Instances } from './repositories/instances.ts'
import { intents } from './repositories/intents.ts'
import { maintenances } from './repositories/maintenances.ts'
import { node } from './repositories/node.ts'
import { purge } from './repositories/purge.ts'
import { recoveries } from './repositories/recoveries.ts'
import { recoverySwitch } from './repositories/recovery-switch.ts'

/** The store over an open database whose tables are there. */
export function kyselyStore(context: Context): Store {
  const instances = new Instances(context)
  return {
    instances, downtimes: downtimes(context), maintenances: maintenances(context), candidates: candidates(context), aliases: aliases(context),
    domains: domains(context), recoverySwitch: recoverySwitch(context), audit: audit(context), detections: detections(context),
    recoveries: recoveries(context), node: node(context), intents: intents(context), purge: purge(context),
    async close() {
      try {
        await instances.flush()
      } finally {
        await context.database.destroy()
      }
    },
  }
}
