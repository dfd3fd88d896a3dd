import { setting, type SettingValues } from '../../kit/setting.ts'

/** Who may register, how often agents are looked at, and how long a copy may take. */
export const agentSettings = {
  isServed: setting<boolean>('ServeAgentsHttp', false, 'Serve agents and look at them.'),
  pollMinutes: setting<number>('AgentPollMinutes', 60, 'Minutes between two looks at an agent.'),
  forgetHours: setting<number>('UnseenAgentForgetHours', 6, 'Hours after which an agent that has not registered again is forgotten.'),
  staleSeedMinutes: setting<number>('StaleSeedFailMinutes', 60, 'Minutes without a new step after which a seed is ended as failed.'),
  seedHours: setting<number>('SeedMaxHours', 72, 'Hours after which a seed is ended as failed.'),
  waitSecondsBeforeSend: setting<number>('SeedWaitSecondsBeforeSend', 2, 'Seconds between telling one host to receive and the other to send.'),
  allowedHosts: setting<readonly string[]>('AgentsAllowedHosts', [], 'Patterns of hosts that may register.'),
}

export type AgentSettings = SettingValues<typeof agentSettings>
