import { reasonsOf } from '../../kit/reason-table.ts'

/** The words about a primary that was replaced and came back. */
export const returnReason = reasonsOf({
  'return-not-seen': '{old} has not answered since {successor} took its place',
  'return-no-primary': 'the primary that replaced {old} ({successor}) cannot be read now',
  'return-takes-writes': '{old} takes writes beside {successor}; it is made read-only first',
  'return-follows': '{old} is a replica again',
  'return-clean': '{old} has nothing that {successor} does not have: it can follow it',
  'return-diverged': '{old} has {count} transactions that {successor} does not have ({gtids}); its own log stands at {place}',
  'return-unproven': 'it cannot be shown what {old} has that {successor} does not: one of them uses no GTID',
  'return-has-replicas': '{old} still has replicas ({replicas}): move them below {successor} first',
  'return-cannot-follow': '{old} cannot follow {successor}: {text}',
  'offer-rejoin': 'Let it follow: orchestrator -c rejoin-primary -i {old}',
  'offer-inject-empty': 'Let it follow and keep what only it has, though nobody else gets it: orchestrator -c rejoin-primary-inject-empty -i {old}',
  'offer-reprovision': 'Replace all its data by those of a donor: orchestrator -c reprovision -i {old}',
  'offer-keep': 'Leave it as it is, read-only and alone',

  'plan-rejoin-primary': 'Let {old}, which was replaced as primary, follow {source}',
  'rejoin-read-only': '{old} refuses writes',
  'rejoin-injected': 'what only {old} has counts as executed on {source}, and its rows are on {old} alone',
  'rejoin-turned': '{old} names {source} as its source and fetches nothing yet',
  'rejoin-done': '{old} follows {source}',
  'rejoin-options-of': 'account and options of its replication are those of {like}',
  'plan-reprovision': 'Replace all data of {old} by those of {donor}, and let it follow {source}',
  'reprovision-untouched': 'nothing of {old} has changed yet',
  'reprovision-cloned': '{old} has the data of {donor} and restarts',
  'reprovision-copied': '{old} has the data of {donor} and does not follow for sure yet',
  'reprovision-needs': 'both need the clone plugin (INSTALL PLUGIN clone SONAME "mysql_clone.so"), our account CLONE_ADMIN and SYSTEM_VARIABLES_ADMIN on {old} and BACKUP_ADMIN on {donor}: the server itself checks that before it drops anything',
  'reprovision-destroys': 'all data and accounts of {old} are gone when it begins; it restarts at the end (where nobody starts servers that end, a person must), and takes writes until it is found a moment later',
  'reprovision-loses': '{count} transactions that {source} does not have are lost with them: {gtids}',
  'rejoin-differs': 'what {old} alone has stays there: its data differ from those of {source} from then on',
} as const)
