export interface FixedFlaw {
  /** What the original does wrong. */
  readonly flaw: string
  readonly here: string
  /** Files and a text in each (the name of a test, a line of a case): what would catch it if it came back. */
  readonly caughtBy: Readonly<Record<string, string>>
}

/** Every flaw of the original that is not carried over, and what would catch it. Removing or renaming a test without its line here fails. */
export const fixedFlaws: readonly FixedFlaw[] = [
  {
    flaw: 'MySQLTopologyMaxAllowedPacket is read and never applied', here: 'a longer statement is not sent, and the failure names setting and length',
    caughtBy: { 'test/integration/mysql-adapter.test.ts': 'a statement longer than MySQLTopologyMaxAllowedPacket is not sent' },
  },
  {
    flaw: 'versions are compared as texts, so that 10.x counts as old', here: 'compared by number; MariaDB always has its own words',
    caughtBy: { 'src/adapters/mysql/dialects/choose.test.ts': 'each version speaks its own words, by number and never by text' },
  },
  {
    flaw: 'all GTID facts of a MySQL 8.3 are lost, because a variable is gone', here: 'no variable is asked for that a version lacks',
    caughtBy: { 'src/adapters/mysql/dialects/choose.test.ts': "['8.3.0', 'SHOW REPLICA STATUS', 'SHOW BINARY LOG STATUS'", 'src/adapters/mysql/dialects/old-variables.test.ts': 'no poll of any version asks for a variable that later versions lack' },
  },
  {
    flaw: 'from 8.0.14 to 8.0.21 a process list is read that does not exist yet', here: 'read from 8.0.22',
    caughtBy: { 'src/adapters/mysql/dialects/choose.test.ts': 'the process list is a table of performance_schema from 8.0.22, never on MariaDB' },
  },
  {
    flaw: 'certificate revocation lists of a channel are never found', here: 'read by their real columns, and kept by every move',
    caughtBy: { 'src/adapters/mysql/probe/recorded.test.ts': 'options.tlsCrlFile', 'test/integration/relocate.test.ts': 'a replica with TLS and options of its own keeps them all' },
  },
  {
    flaw: 'whether a channel asks for its source’s public key is not found on 9.7', here: 'columns are matched without regard to case',
    caughtBy: { 'src/adapters/mysql/probe/recorded.test.ts': 'the public key of the source is absent in 5.7, a path in 8.0.19, asked for in 8.4' },
  },
  {
    flaw: 'the direct answer of discover has no flavour', here: 'it names the flavour too',
    caughtBy: { 'test/integration/facts-servers.test.ts': 'the direct answer names the flavour too' },
  },
  {
    flaw: 'bulk-promotion-rules fails on SQLite', here: 'it is listed on both stores',
    caughtBy: { 'test/harness/walk/walks.ts': 'promotion rules are registered, shown and listed', 'test/conformance/store-facts.test.ts': 'promotion rules are listed with the time of their last suggestion' },
  },
  {
    flaw: 'submitted pools are not stored on SQLite', here: 'they are, on both stores',
    caughtBy: { 'test/harness/walk/walks.ts': 'pools are submitted and read', 'test/conformance/store-facts.test.ts': 'a pool is replaced as a whole, emptied, and goes with its time' },
  },
  {
    flaw: 'a refused move starts a replica that was stopped on purpose', here: 'a refused lock sends nothing; undo only takes back what this operation did',
    caughtBy: { 'test/integration/facts-servers.test.ts': 'what was stopped on purpose is not started by a refused move', 'src/engine/execution/execution.test.ts': 'a server that another plan changes is refused, and nothing is sent or written' },
  },
  {
    flaw: 'start-until waits without end for a place that the applier never reaches', here: 'bounded in time, and over at once when the applier fails',
    caughtBy: { 'test/integration/mysql-adapter.test.ts': 'gives up when its applier fails on the way, and says at what' },
  },
  {
    flaw: 'make-co-master on MariaDB goes by position under GTID, without credentials, and answers OK though nothing replicates', here: 'by current_pos, refused without an account, judged on a fresh reading',
    caughtBy: { 'test/integration/mariadb.test.ts': 'co-primaries are made by GTID under a writer', 'test/cases/moves/places.case': '# MariaDB: by current_pos, because a primary has its own transactions nowhere else.' },
  },
  {
    flaw: 'skip-query injects the wrong number and makes the replica more errant', here: 'the number of the transaction that failed, on one connection',
    caughtBy: { 'test/integration/acts.test.ts': 'a failed transaction is skipped by its own number, also when the replica has numbers of its own', 'test/cases/acts/replication.case': '# A failed transaction is skipped by the number that the error names' },
  },
  {
    flaw: 'relocate-replicas leaves some replicas out without a word', here: 'each one that stays is named with its reason',
    caughtBy: { 'test/integration/moves.test.ts': 'one replica that cannot move stays, is named, and stops nobody else', 'test/cases/moves/replicas.case': '# Only those whose key matches; one that cannot move stays, and the plan says so.' },
  },
  {
    flaw: 'regroup-replicas-bls crashes the request where there is no binlog server', here: 'it is refused with a reason',
    caughtBy: { 'test/cases/moves/binlog-servers.case': 'refused no-binlog-server' },
  },
  {
    flaw: 'match-replicas counts its target among the replicas and calls success an error', here: 'the target is not one of those that move',
    caughtBy: { 'test/integration/pseudo-gtid.test.ts': 'the replicas of a server are matched below one of them at the same time' },
  },
  {
    flaw: 'make-master fails where the source is dead, which is when it is needed', here: 'a replica of a dead source becomes the primary of its siblings',
    caughtBy: { 'test/integration/moves.test.ts': 'places are changed: with the source, as co-primary, in place of a source and of a dead primary', 'test/cases/moves/places.case': '# The source is dead: a replica becomes the primary of its siblings.' },
  },
  {
    flaw: 'a yield hint that fits no member makes every member yield, and nobody leads for seconds', here: 'refused, with the names of the members, and nothing happens',
    caughtBy: { 'src/http/former/raft.test.ts': 'leadership is handed to a voting member that is heard, and to nobody else' },
  },
  {
    flaw: 'a request passed on to a leader that is none any more has no end to its way but the own address', here: 'one that was passed on is answered where it arrives',
    caughtBy: { 'src/http/leader/pass-on.test.ts': 'two managers that each take the other for the leader do not send a request round' },
  },
]
