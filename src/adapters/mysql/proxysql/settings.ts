import { setting, type SettingValues } from '../../../kit/setting.ts'

/** ProxySQL instances that are told who takes writes. */
export const proxySqlSettings = {
  addresses: setting<readonly string[]>('ProxySQLAdminAddresses', [], 'Host:port of the admin interface of each ProxySQL.'),
  user: setting('ProxySQLAdminUser', 'admin', 'User of the admin interface.'),
  password: setting('ProxySQLAdminPassword', '', 'Password of the admin interface.'),
  hostgroups: setting<Readonly<Record<string, string>>>('ProxySQLWriterHostgroups', {}, 'Cluster alias → number of its writer hostgroup; other clusters are not published to ProxySQL.'),
}

export type ProxySqlSettings = SettingValues<typeof proxySqlSettings>
