import { setting, type SettingValues } from '../../kit/setting.ts'

/** How this manager is one with others by an etcd. */
export const etcdSettings = {
  endpoints: setting<readonly string[] | null>('EtcdEndpoints', [], 'Addresses of the members of the etcd that makes managers one.'),
  prefix: setting('EtcdPrefix', '/orchestrator/', 'What all keys of the group begin with.'),
  leaseSeconds: setting<number>('EtcdLeaseSeconds', 2, 'How long a leader that is gone is waited for.'),
  user: setting('EtcdUser', '', 'User of etcd.'),
  password: setting('EtcdPassword', '', 'Password of that user.'),
  authorityFile: setting('EtcdSSLCAFile', '', 'Who signs the certificates of etcd.'),
  certificateFile: setting('EtcdSSLCertFile', '', 'Certificate towards etcd.'),
  keyFile: setting('EtcdSSLPrivateKeyFile', '', 'Its private key.'),
  httpAdvertise: setting('HTTPAdvertise', '', 'Where others reach the HTTP API of this manager.'),
}

export type EtcdSettings = SettingValues<typeof etcdSettings>
