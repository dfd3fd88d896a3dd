import { executionReason } from '../../../src/engine/execution/reasons.ts'
import { engineReason } from '../../../src/engine/recovery/engine-reasons.ts'
import { analysisReason } from '../../../src/model/analysis/reasons.ts'
import { actRemark } from '../../../src/model/planning/act-remarks.ts'
import { riskReason } from '../../../src/model/planning/at-risk.ts'
import { durabilityReason } from '../../../src/model/planning/durability-reasons.ts'
import { binlogFailoverReason } from '../../../src/model/planning/failover-binlog-server-reasons.ts'
import { positionFailoverReason } from '../../../src/model/planning/failover-position-reasons.ts'
import { failoverReason } from '../../../src/model/planning/failover-reasons.ts'
import { logRemark } from '../../../src/model/planning/log-remarks.ts'
import { matchRemark } from '../../../src/model/planning/match-remarks.ts'
import { moveRemark } from '../../../src/model/planning/move-remarks.ts'
import { promotionReason } from '../../../src/model/planning/promote-reasons.ts'
import { refusalReason } from '../../../src/model/planning/refusals.ts'
import { relocateRemark } from '../../../src/model/planning/relocate-remarks.ts'
import { returnReason } from '../../../src/model/planning/return-reasons.ts'
import { takeoverRefusal } from '../../../src/model/planning/takeover-refusals.ts'
import { pseudoGtidReason } from '../../../src/model/pseudo-gtid/reasons.ts'
import { recoveryReason } from '../../../src/model/recovery/reasons.ts'

/** The tables of reasons that a record of a recovery may be made of; of two that say the same, the first is taken. A test fails for a table that is missing. */
export const recordTables: readonly { readonly texts: Readonly<Record<string, string>> }[] = [
  failoverReason, positionFailoverReason, binlogFailoverReason, promotionReason, takeoverRefusal, recoveryReason, durabilityReason, returnReason, executionReason, engineReason,
  refusalReason, pseudoGtidReason, actRemark, moveRemark, relocateRemark, matchRemark, logRemark, riskReason, analysisReason,
]
