import { setting, type SettingValues } from '../../kit/setting.ts'

/** Where figures are sent. */
export const graphiteSettings = {
  address: setting('GraphiteAddr', '', 'Host:port of a Graphite server; empty: none.'),
  path: setting('GraphitePath', '', 'What all names begin with; {hostname} stands for the name of this host.'),
  plainHostname: setting<boolean>('GraphiteConvertHostnameDotsToUnderscores', true, 'Underscores in place of the dots of the host name.'),
  everySeconds: setting<number>('GraphitePollSeconds', 60, 'Seconds between two sendings; 0: none.'),
}

export type GraphiteSettings = SettingValues<typeof graphiteSettings>
