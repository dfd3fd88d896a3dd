import type { TFunction } from 'i18next'
import type { OperationName } from '../../../../src/contract/all.ts'
import { openDialog } from '../../actions/dialogs.ts'

/** What an agent is told after a word was typed: the host, or the volume that is meant. Its end is waited for. */
export type AgentAct = 'stop' | 'start' | 'create' | 'unmount' | 'mount' | 'remove'

export const agentOperations: Readonly<Record<AgentAct, OperationName>> = {
  stop: 'agent-mysql-stop', start: 'agent-mysql-start', create: 'agent-create-snapshot', unmount: 'agent-umount', mount: 'agent-mount', remove: 'agent-removelv',
}

export function askAgent(act: AgentAct, host: string, volume: string | null, t: TFunction): void {
  const words = { host, volume: volume ?? '' }
  const title = t(`agents.ask.${act}Title`, words)
  openDialog({
    kind: 'typed',
    request: {
      title,
      text: t(`agents.ask.${act}Text`, words),
      typed: act === 'remove' ? (volume ?? host) : host,
      runLabel: title.replace(/[?？]$/, ''),
      operation: agentOperations[act],
      input: volume === null ? { host } : { host, lv: volume },
      done: t(`agents.ask.${act}Done`, words),
      waits: true,
    },
  })
}

/** Shows what the agent's own command printed. */
export function askCommand(host: string, t: TFunction): void {
  openDialog({
    kind: 'ask',
    request: {
      title: t('agents.ask.customTitle', { host }),
      text: t('agents.ask.customText'),
      runLabel: t('agents.ask.customRun'),
      operation: 'agent-custom-command',
      input: { host },
      fields: [{ name: 'command', kind: 'text', label: 'command', required: true }],
      next: { lines: output => String(output).split('\n') },
    },
  })
}
