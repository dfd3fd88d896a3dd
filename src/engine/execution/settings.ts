import { type SettingValues, setting } from '../../kit/setting.ts'

export const executionSettings = {
  maxConcurrentReplicaOperations: setting('MaxConcurrentReplicaOperations', 5, 'How many servers one plan changes at the same time.'),
}

export const virtualNameSettings = {
  skipBinlogServerUnresolveCheck: setting<boolean>('SkipBinlogServerUnresolveCheck', true, 'Do not verify, for binlog servers, that a registered virtual name resolves back to the host.'),
}

export type ExecutionSettings = SettingValues<typeof executionSettings>
