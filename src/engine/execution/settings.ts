import { type SettingValues, setting } from '../../kit/setting.ts'

export const executionSettings = {
  maxConcurrentReplicaOperations: setting('MaxConcurrentReplicaOperations', 5, 'How many servers one plan changes at the same time.'),
}

export type ExecutionSettings = SettingValues<typeof executionSettings>
