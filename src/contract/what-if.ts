import { operation, optional } from './operation.ts'
import type { RecoveryDryRunView } from './views.ts'

/** For each server that was asked about, what would be done if it died now. */
export interface Foreseen {
  readonly servers: readonly RecoveryDryRunView[]
}

export const whatIf = operation<Foreseen>()({
  name: 'what-if',
  says: 'What would be done if a server died now: who would take its place and why, stage by stage, which hooks would run, what would be lost. Nothing is touched.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: {
    instance: optional.instance('The server that is supposed to die.'),
    cluster: optional.cluster('Each server of a cluster that has replicas, one after the other; the primaries of all clusters when neither is named.'),
  },
  former: { routes: [], commands: ['what-if'], section: 'Recovery', answers: 'bare' },
})

