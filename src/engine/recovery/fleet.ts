import type { Topology } from '../../model/topology/topology.ts'
import type { Observer } from '../execution/step-runner.ts'

/** The servers as recovery sees them: the newest snapshot, and a look at one of them now. */
export interface Fleet extends Observer {
  topology(): Topology
}
