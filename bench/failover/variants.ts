import { setTimeout as sleep } from 'node:timers/promises'
import { clusterAlias } from '../../test/harness/cluster/manager.ts'
import type { World } from '../../test/harness/cluster/world.ts'

/** Names of the servers by their place: `primary` ← `leaf`, `middle`; `middle` ← `sub`. */
export interface Places {
  readonly primary: string
  readonly leaf: string
  readonly middle: string
  readonly sub: string
}

export interface Variant {
  readonly says: string
  /** What must come of it, under a semi-sync policy and without. */
  readonly expects: (semiSync: boolean) => 'another primary' | 'another source' | 'a finding'
  readonly victim: keyof Places
  /** Whether the moment within the interval of polls matters. */
  readonly dependsOnPolls: boolean
  /** Whether the former primary comes back as one that takes writes: then it must be made super_read_only. */
  readonly returnsWritable: boolean
  /** Nobody is harmed: the former primary follows too. */
  readonly isPlanned?: true
  strike(world: World, places: Places): Promise<void> | void
  mend(world: World, places: Places): Promise<void> | void
}

const always = <Value>(value: Value) => () => value
const healed = (world: World): Promise<void> => world.network.heal()

export const variants: Readonly<Record<string, Variant>> = {
  kill: {
    says: 'primary: kill -9', expects: always('another primary'), victim: 'primary', dependsOnPolls: false, returnsWritable: false,
    strike: (world, { primary }) => world.server(primary).kill(),
    mend: (world, { primary }) => world.server(primary).start(),
  },
  stop: {
    says: 'primary: SIGTERM', expects: always('another primary'), victim: 'primary', dependsOnPolls: true, returnsWritable: false,
    strike: (world, { primary }) => world.server(primary).stop(),
    mend: (world, { primary }) => world.server(primary).start(),
  },
  hang: {
    says: 'primary: SIGSTOP', expects: always('another primary'), victim: 'primary', dependsOnPolls: true, returnsWritable: true,
    strike: (world, { primary }) => world.server(primary).freeze(),
    mend: (world, { primary }) => world.server(primary).resume(),
  },
  isolate: {
    says: 'primary: cut from everybody', expects: always('another primary'), victim: 'primary', dependsOnPolls: true, returnsWritable: true,
    strike: (world, { primary }) => world.network.isolate(primary), mend: healed,
  },
  // Without a policy the primary goes on serving its clients, and whoever replaced it would lose what they write.
  'replication-cut': {
    says: 'primary: cut from its replicas only', expects: semiSync => (semiSync ? 'another primary' : 'a finding'),
    victim: 'primary', dependsOnPolls: true, returnsWritable: true,
    strike: async (world, { primary, leaf, middle, sub }) => {
      await Promise.all([leaf, middle, sub].map(replica => world.network.cutBoth(replica, primary)))
    },
    mend: healed,
  },
  intermediate: {
    says: 'intermediate primary: kill -9', expects: always('another source'), victim: 'middle', dependsOnPolls: false, returnsWritable: false,
    strike: (world, { middle }) => world.server(middle).kill(),
    mend: (world, { middle }) => world.server(middle).start(),
  },
  takeover: {
    says: 'planned takeover', isPlanned: true, expects: always('another primary'), victim: 'primary', dependsOnPolls: false, returnsWritable: false,
    strike: async (world, { leaf }) => {
      const answer = await world.manager.get<{ Code: string; Message: string }>(`/api/graceful-master-takeover-auto/${clusterAlias}/${world.path(leaf)}`)
      if (answer.Code !== 'OK') throw new Error(`takeover: ${answer.Message}`)
    },
    mend: () => sleep(0),
  },
}
