import { reasonsOf } from '../../kit/reason-table.ts'

/** Why a replica is or is not made the primary: worded once. Names of settings are public. */
export const promotionReasonTexts = {
  // why it may not lead
  'banned-by-rule': 'its promotion rule is must_not',
  'banned-by-filter': 'its name matches PromotionIgnoreHostnameFilters ({pattern})',
  'check-not-valid': 'our last check of it failed',
  'no-binary-log': 'it writes no binary log',
  'no-log-replica-updates': 'it does not log what it replicates (log_replica_updates)',
  'is-binlog-server': 'it is a binlog server',
  'newer-than-most': 'its version {version} is newer than that of most replicas ({most})',
  'format-wider-than-most': 'its binary log format {format} cannot be followed by most replicas ({most})',
  'not-a-replica': '{server} does not replicate from {failed}',
  // how it compares
  'most-advanced': 'most advanced',
  'equally-advanced': 'as advanced as the best',
  'behind': 'behind the most advanced',
  'behind-by': '{count} transaction(s) behind the most advanced',
  'holds-more': 'holds {count} transaction(s) that the chosen one lacks',
  'ahead-of-choice': 'more advanced than the chosen one',
  'cannot-follow-choice': 'cannot replicate from {candidate}: {text}',
  'rule': 'promotion rule {rule}',
  'same-site': 'same site as the failed server',
  'crosses-data-center': 'in data center {dataCenter}, the failed server was in {failedDataCenter}',
  'crosses-environment': 'in environment {environment}, the failed server was in {failedEnvironment}',
  'crosses-region': 'in region {region}, the failed server was in {failedRegion}',
  'has-errant-transactions': 'holds errant transactions',
  'applier-broken': 'its applier stands with error {number}',
  'fallback': 'no replica is fit; it is the first that is not banned',
  'designated': 'asked for',
  // the whole choice
  'no-candidate': 'chooseCandidateReplica: no candidate replica found',
  // second step
  'ideal-first-choice': '{server} is ideal; nothing better is looked for',
  'keep-ideal': '{server} is the ideal candidate',
  'keep-good': '{server} is a good candidate',
  'keep-designated': '{server} is the one asked for',
  'keep-nothing-better': 'found no server to promote on top of {server}',
  'keep-not-below': 'could not promote {suggested} over {server}: it does not replicate from it',
  'keep-cannot-swap': 'could not promote {suggested} over {server}: {text}',
  'replace-preferred-on-site': '{chosen} is preferred and on the site of the failed server',
  'replace-preferred-near': '{chosen} is preferred and on the site of {server}',
  'replace-preferred': '{chosen} is preferred',
  'replace-neutral-on-site': '{chosen} is on the site of the failed server',
  'replace-neutral-near': '{chosen} is on the site of {server}',
  'replace-neutral': '{chosen} may be promoted where {server} should not',
  'replace-designated': '{chosen} was asked for',
  // for whom is waited
  'instead-of-lagging': '{server} has {count} transactions to execute before it can take writes, {preferred} has {more}: it is not waited for',
  'instead-of-lagging-bytes': '{server} has {count} bytes of the log to execute before it can take writes, {preferred} has {more}: it is not waited for',
  'instead-of-stuck': '{preferred} does not execute by itself what it holds, or it is not known how much that is: {server} is waited for',
  // vetoes
  'PreventCrossDataCenterMasterFailover':
    'RecoverDeadMaster: failed {server} promotion; PreventCrossDataCenterMasterFailover: will not promote server in {dataCenter} when failed server in {failedDataCenter}',
  'PreventCrossRegionMasterFailover':
    'RecoverDeadMaster: failed {server} promotion; PreventCrossRegionMasterFailover: will not promote server in {region} when failed server in {failedRegion}',
  'promotion-lag-unknown': 'RecoverDeadMaster: failed {server} promotion; FailMasterPromotionOnLagMinutes: its lag is not known, and must be below {minutes} minutes',
  'FailMasterPromotionOnLagMinutes':
    'RecoverDeadMaster: failed {server} promotion; FailMasterPromotionOnLagMinutes: its lag of {seconds} s is not below {minutes} minutes',
  'FailMasterPromotionIfSQLThreadNotUpToDate':
    'RecoverDeadMaster: failed {server} promotion; FailMasterPromotionIfSQLThreadNotUpToDate: it has not applied all that it received',
} as const

export const promotionReason = reasonsOf(promotionReasonTexts)
