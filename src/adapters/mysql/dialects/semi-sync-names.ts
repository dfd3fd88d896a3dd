import type { SemiSyncNames } from './dialect.ts'

/** Names of the plugins before 8.0.26, and of MariaDB. */
export const oldSemiSyncNames: SemiSyncNames = {
  newNames: false,
  source: {
    enabled: 'rpl_semi_sync_master_enabled', timeout: 'rpl_semi_sync_master_timeout', waitCount: 'rpl_semi_sync_master_wait_for_slave_count', waitAlone: 'rpl_semi_sync_master_wait_no_slave',
    status: 'Rpl_semi_sync_master_status', clients: 'Rpl_semi_sync_master_clients',
  },
  replica: { enabled: 'rpl_semi_sync_slave_enabled', status: 'Rpl_semi_sync_slave_status' },
}

export const newSemiSyncNames: SemiSyncNames = {
  newNames: true,
  source: {
    enabled: 'rpl_semi_sync_source_enabled', timeout: 'rpl_semi_sync_source_timeout', waitCount: 'rpl_semi_sync_source_wait_for_replica_count', waitAlone: 'rpl_semi_sync_source_wait_no_replica',
    status: 'Rpl_semi_sync_source_status', clients: 'Rpl_semi_sync_source_clients',
  },
  replica: { enabled: 'rpl_semi_sync_replica_enabled', status: 'Rpl_semi_sync_replica_status' },
}
