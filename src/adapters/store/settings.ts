import { type SettingValues, setting } from '../../kit/setting.ts'

/** Where the program remembers. */
export const storeSettings = {
  backend: setting('BackendDB', 'mysql', 'Kind of store: mysql (or empty), or a text that contains sqlite.'),
  sqliteFile: setting('SQLite3DataFile', '', 'Path of the SQLite database file; ":memory:" lives as long as the process.'),
  host: setting('MySQLOrchestratorHost', '', 'Host of the MySQL backend.'),
  port: setting<number>('MySQLOrchestratorPort', 3306, 'Port of the MySQL backend.'),
  database: setting('MySQLOrchestratorDatabase', '', 'Schema name on the MySQL backend.'),
  user: setting('MySQLOrchestratorUser', '', 'User for the MySQL backend.'),
  password: setting('MySQLOrchestratorPassword', '', 'Password for the MySQL backend.'),
  poolConnectionsMax: setting<number>('MySQLOrchestratorMaxPoolConnections', 128, 'Upper bound on open connections to the MySQL backend.'),
  connectTimeoutSeconds: setting<number>('MySQLConnectTimeoutSeconds', 2, 'Longest time to connect, in seconds.'),
  readTimeoutSeconds: setting<number>('MySQLOrchestratorReadTimeoutSeconds', 30, 'Longest time for one backend statement, in seconds; 0 is no limit.'),
  rejectReadOnly: setting<boolean>('MySQLOrchestratorRejectReadOnly', false, 'Drop a backend connection that turns out to be read-only.'),
  maxAllowedPacket: setting<number>('MySQLOrchestratorMaxAllowedPacket', -1, 'Longest statement sent to the MySQL backend, in bytes; 0: as long as the backend says, -1: the backend judges.'),
  useMutualTls: setting<boolean>('MySQLOrchestratorUseMutualTLS', false, 'Connect to the MySQL backend over TLS with the client certificate.'),
  keyFile: setting('MySQLOrchestratorSSLPrivateKeyFile', '', 'PEM private key for the MySQL backend.'),
  certFile: setting('MySQLOrchestratorSSLCertFile', '', 'PEM client certificate for the MySQL backend.'),
  caFile: setting('MySQLOrchestratorSSLCAFile', '', "PEM CA bundle with which the backend's certificate is checked."),
  skipVerify: setting<boolean>('MySQLOrchestratorSSLSkipVerify', false, 'Accept any certificate from the MySQL backend.'),
  figuresKeptSeconds: setting<number>('DiscoveryCollectionRetentionSeconds', 120, 'Seconds for which figures of writes are kept.'),
  skipDeployment: setting<boolean>('SkipOrchestratorDatabaseUpdate', false, 'Do not create or extend the tables at start.'),
  panicIfOtherDeployment: setting<boolean>('PanicIfDifferentDatabaseDeploy', false, 'Refuse to start when another version has deployed the tables.'),
}

export type StoreSettings = SettingValues<typeof storeSettings>
