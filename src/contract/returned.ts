import type { Reason } from '../kit/reason.ts'
import type { Diverged, ReturnJudgement, ReturnOffer } from '../model/planning/return-judgement.ts'
import type { CloneProgress } from '../model/recovery/clone-progress.ts'
import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

/** A primary that was replaced and follows nobody yet. */
export interface ReturnedPrimary {
  readonly server: InstanceKey
  /** What it is called; empty: nothing is known but its address. */
  readonly alias: string
  /** The recovery that replaced it, and who is primary of its cluster now; null when that cannot be read. */
  readonly recovery: string
  readonly primary: InstanceKey | null
  readonly verdict: ReturnJudgement['verdict'] | 'no-primary'
  readonly because: Reason
  /** What only it has. */
  readonly diverged: Diverged | null
  /** What may be done with it, with the sentence that says how. */
  readonly offers: readonly { readonly offer: ReturnOffer; readonly says: Reason }[]
}

/** The server as read afterwards, and whom it follows. */
export interface Rejoined {
  readonly server: Instance
  readonly source: InstanceKey
}

const rejoinInput = { instance: required.instance('The primary that was replaced.'), destination: optional.instance('Whom it follows; the primary of its cluster without it.') }

export const returnedPrimaries = operation<readonly ReturnedPrimary[]>()({
  name: 'returned-primaries',
  says: 'Primaries that were replaced and follow nobody yet: what only they have, and what may be done with each.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false, input: {},
  former: { routes: [], commands: ['returned-primaries'], section: 'Recovery', answers: 'bare' },
})

export const rejoinPrimary = operation<Rejoined>()({
  name: 'rejoin-primary',
  says: 'Let a primary that was replaced follow the new one, when it has nothing that the new one lacks; with account and options of the replicas it joins.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true, input: rejoinInput,
  former: { routes: [], commands: ['rejoin-primary'], section: 'Recovery', answers: 'envelope' },
})

export const reprovision = operation<Rejoined>()({
  name: 'reprovision',
  says: 'Replace all data of a server that was replaced as primary by those of a donor, with MySQL\'s clone plugin, and let it follow the new primary.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: {
    instance: required.instance('The server whose data are replaced.'), donor: optional.instance('Whose data it gets; a replica of the primary without it.'),
    source: optional.instance('Whom it follows; the primary of its cluster without it.'),
  },
  former: { routes: [], commands: ['reprovision'], section: 'Recovery', answers: 'envelope' },
})

export const cloneProgress = operation<CloneProgress>()({
  name: 'clone-progress',
  says: 'How far a server is that replaces its data by those of a donor: each stage with bytes done and to do.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false, input: { instance: required.instance('The server.') },
  former: { routes: [], commands: ['clone-progress'], section: 'Recovery', answers: 'bare' },
})

export const rejoinPrimaryInjectEmpty = operation<Rejoined>()({
  name: 'rejoin-primary-inject-empty',
  says: 'The same for one with transactions of its own: they count as executed everywhere, and their rows stay on it alone.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true, input: rejoinInput,
  former: { routes: [], commands: ['rejoin-primary-inject-empty'], section: 'Recovery', answers: 'envelope' },
})
