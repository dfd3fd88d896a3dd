import { unreachable } from '../../../src/kit/unreachable.ts'
import './acting.css'
import type { OpenDialog } from './dialogs.ts'
import { AcknowledgeDialog } from './acknowledge-dialog.tsx'
import { AskDialog } from './ask-dialog.tsx'
import { ClusterAliasDialog, ForgetClusterDialog } from './cluster-dialogs.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { OperationDialog } from './operation-dialog.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import { RecoverDialog } from './recover-dialog.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { DowntimeDialog } from './downtime-dialog.tsx'
import { ManyDowntimeDialog } from './many-downtime-dialog.tsx'
import { ManyForgetDialog, ManyRuleDialog, ManyTagDialog } from './many-label-dialogs.tsx'
import { ManyMoveDialog } from './many-move-dialog.tsx'
import { ManyReplicationDialog } from './many-replication-dialog.tsx'
import { Palette } from './palette.tsx'
import { ReloadDialog } from './reload-dialog.tsx'
import { SeedDialog } from './seed-dialog.tsx'
import { SubmitPoolDialog } from './submit-pool-dialog.tsx'
import { PromotionRuleDialog, TagsDialog } from './note-dialogs.tsx'
import { AutomaticDialog, ForgetDialog } from './small-dialogs.tsx'
import { WhatIfDialog } from './what-if-dialog.tsx'
import { TakeoverDialog } from './takeover-dialog.tsx'
import { TypedDialog } from './typed-dialog.tsx'

/** The dialog of an act; all of them come together, after the page itself. */
export function DialogOf({ open }: { readonly open: OpenDialog }) {
  switch (open.kind) {
    case 'plan':
      return <PlanDialog key={JSON.stringify(open.request.input) + open.request.operation} request={open.request} />
    case 'ask':
      return <AskDialog request={open.request} />
    case 'typed':
      return <TypedDialog {...open.request} />
    case 'move':
      return <MoveDialog server={open.server} what={open.what} />
    case 'downtime':
    case 'maintenance':
      return <DowntimeDialog server={open.server} of={open.kind} />
    case 'downtime-many':
      return <ManyDowntimeDialog servers={open.servers} />
    case 'tag-many':
      return <ManyTagDialog servers={open.servers} />
    case 'rule-many':
      return <ManyRuleDialog servers={open.servers} />
    case 'forget-many':
      return <ManyForgetDialog servers={open.servers} />
    case 'move-many':
      return <ManyMoveDialog servers={open.servers} destination={open.destination} />
    case 'replication-many':
      return <ManyReplicationDialog servers={open.servers} change={open.change} />
    case 'reload-configuration':
      return <ReloadDialog />
    case 'submit-pool':
      return <SubmitPoolDialog pool={open.pool} members={open.members} />
    case 'seed':
      return <SeedDialog host={open.host} sources={open.sources} />
    case 'palette':
      return <Palette />
    case 'tags':
      return <TagsDialog server={open.server} />
    case 'promotion-rule':
      return <PromotionRuleDialog server={open.server} />
    case 'cluster-alias':
      return <ClusterAliasDialog cluster={open.cluster} />
    case 'forget-cluster':
      return <ForgetClusterDialog cluster={open.cluster} />
    case 'forget':
      return <ForgetDialog server={open.server} />
    case 'recover':
      return <RecoverDialog server={open.server} clusterName={open.clusterName} clusterAlias={open.clusterAlias} isForced={open.isForced === true} />
    case 'what-if':
      return <WhatIfDialog about={open.about} />
    case 'takeover':
      return <TakeoverDialog key={`${open.cluster.primary?.key ?? ''} ${open.to ?? ''}`} cluster={open.cluster} to={open.to} />
    case 'acknowledge':
      return <AcknowledgeDialog uid={open.uid} id={open.id} />
    case 'automatic':
      return <AutomaticDialog enabled={open.enabled} />
    case 'operation':
      return <OperationDialog number={open.number} />
    case 'keys':
      return <KeysDialog />
    default:
      return unreachable(open)
  }
}
