import { big, bytes, id, nullable, text, whole } from './column.ts'
import { table } from './table.ts'

const host = text('varchar(128) not null')
const port = whole('smallint unsigned not null', 'smallint not null')
const document = text('mediumtext not null', 'text not null')

/**
 * What the original's tables cannot hold, keyed like them and harmless to the original, which never looks here. A row that is missing
 * (because the original or a script wrote the other one) means that nothing more is known. Times are milliseconds since 1970.
 */
export const ownTables = {
  /** Facts of a server beyond database_instance, as JSON (instance-detail.ts); written only when one of them changes. */
  instance_detail: table({ columns: { hostname: host, port, detail: document }, primaryKey: ['hostname', 'port'], mysqlCharset: 'utf8mb4' }),
  failure_detection_detail: table({
    columns: { detection_id: big('bigint unsigned not null', 'bigint not null'), detail: document },
    primaryKey: ['detection_id'], mysqlCharset: 'utf8mb4',
  }),
  recovery_detail: table({ columns: { uid: text('varchar(128) not null'), detail: document }, primaryKey: ['uid'], mysqlCharset: 'utf8mb4' }),
  recovery_step_detail: table({
    columns: { recovery_step_id: big('bigint unsigned not null', 'bigint not null'), detail: document },
    primaryKey: ['recovery_step_id'], mysqlCharset: 'utf8mb4',
  }),
  /** Who turned automatic recoveries off, and when; one row, anchor 1, beside a row of global_recovery_disable. */
  recovery_switch_detail: table({
    columns: { anchor: whole('tinyint unsigned not null', 'tinyint not null'), since: big('bigint not null'), turned_off_by: text('varchar(128) not null') },
    primaryKey: ['anchor'], mysqlCharset: 'utf8mb4',
  }),
  /** Who may carry out recoveries of a cluster, with a number that grows with each taking (ports/leases.ts). */
  recovery_lease: table({
    columns: {
      cluster_name: text('varchar(128) not null'), hostname: host, token: text('varchar(128) not null'),
      fencing_number: big('bigint unsigned not null', 'bigint not null'), taken_at: big('bigint not null'),
    },
    primaryKey: ['cluster_name'], mysqlCharset: 'utf8mb4',
  }),
  /** The memory that this database shares with those of other managers, one row: absent, it never was in a group. */
  shared_memory: table({
    columns: {
      anchor: whole('tinyint unsigned not null', 'tinyint not null'), name: text('varchar(128) not null'),
      /** The newest command of the group that was carried out here. */
      carried_out_to: big('bigint unsigned not null', 'bigint not null'),
    },
    primaryKey: ['anchor'], mysqlCharset: 'utf8mb4',
  }),
  /** Servers that the managers of a group told one another of. */
  shared_server: table({ columns: { hostname: host, port }, primaryKey: ['hostname', 'port'], mysqlCharset: 'utf8mb4' }),
  /** Who has the row of active_node, to the millisecond and with a number that grows with each taking; and up to when a former holder may not have noticed. */
  active_node_lease: table({
    columns: {
      anchor: whole('tinyint unsigned not null', 'tinyint not null'), hostname: host, token: text('varchar(128) not null'),
      fencing_number: big('bigint unsigned not null', 'bigint not null'), renewed_at: big('bigint not null'),
      former_token: text('varchar(128) not null'), former_until: big('bigint not null'),
    },
    primaryKey: ['anchor'], mysqlCharset: 'utf8mb4',
  }),
  /** Places of two logs that are the same for certain: `host:port file:position`. */
  position_equivalence: table({
    columns: { one_place: text('varchar(300) not null'), other_place: text('varchar(300) not null'), found_at: big('bigint not null') },
    primaryKey: ['one_place', 'other_place'], indexes: [{ on: ['found_at'], mysql: 'found_at_idx_position_equivalence', sqlite: 'found_at_idx_position_equivalence' }], mysqlCharset: 'utf8mb4',
  }),
  /** Plans that were begun (engine/execution): what a crash in their middle leaves behind. */
  plan_intent: table({
    columns: {
      intent_id: id('bigint unsigned'),
      recovery_uid: text('varchar(128) not null'),
      started_by: text('varchar(128) not null'),
      started_at: big('bigint not null'),
      plan: document,
      ended_as: nullable(text('varchar(16)')),
      /** Who carries it out. */
      hostname: nullable(text('varchar(128)')),
      token: nullable(text('varchar(128)')),
    },
    indexes: [{ on: ['ended_as'], mysql: 'ended_as_idx_plan_intent', sqlite: 'ended_as_idx_plan_intent' }],
    mysqlCharset: 'utf8mb4',
  }),
  plan_intent_step: table({
    columns: {
      intent_id: big('bigint unsigned not null', 'bigint not null'),
      step_number: whole('int unsigned not null', 'int not null'),
      state: text('varchar(16) not null'),
      bound: nullable(text('mediumtext', 'text')),
    },
    primaryKey: ['intent_id', 'step_number'], mysqlCharset: 'utf8mb4',
  }),
  /** While a process wrote down what changed in the topology. */
  topology_history_span: table({
    columns: { span_id: id('bigint unsigned'), began_at: big('bigint not null'), until_at: big('bigint not null'), hostname: host },
    mysqlCharset: 'utf8mb4',
  }),
  /** Pictures of all servers, and what changed since the row before (engine/history); bodies are JSON, deflated. */
  topology_history: table({
    columns: {
      history_id: id('bigint unsigned'), span_id: big('bigint unsigned not null', 'bigint not null'), recorded_at: big('bigint not null'),
      is_picture: whole('tinyint unsigned not null', 'tinyint not null'), summary: document, successions: nullable(text('mediumtext', 'text')),
      body: bytes('mediumblob not null', 'blob not null'), bytes: whole('int unsigned not null', 'int not null'),
    },
    indexes: [{ on: ['recorded_at'], mysql: 'recorded_at_idx_topology_history', sqlite: 'recorded_at_idx_topology_history' }],
    mysqlCharset: 'utf8mb4',
  }),
}
