import { reasonsOf } from '../../kit/reason-table.ts'

/** Why agents were not asked, or a copy was not begun. Sentences of the original where it had one. */
export const agentReason = reasonsOf({
  'agents-not-served': 'Agents not served',
  'agent-unknown': 'Cannot get agent/token: {host}',
  'agent-failed': '{text}',
  'agent-noop': 'noop: the agent of {host} is not told to do anything',
  'agent-volume-missing': 'lv is required: the path of a logical volume',
  'agent-host-invalid': '{host} is no name of a host',
  'agent-host-not-allowed': 'AgentsAllowedHosts allows no host {host}',
  'agent-port-invalid': 'Invalid port: {port}',
  'agent-token-invalid': 'The token of an agent is 1 to 128 printable letters of ASCII',
  'seed-onto-itself': 'Cannot seed {host} onto itself',
  'seed-under-way': '{host} takes part in seed {seed} already',
  'seed-unknown': 'Seed {seed} not found',
  'seed-ended': 'Seed {seed} has ended already',
} as const)
