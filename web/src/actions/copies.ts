import type { ServerView } from '../../../src/contract/views.ts'

/** What of a server is worth taking along, and the words it is offered by: its name, the address of its page, the command that says the same in a shell. */
export const copiesOf = ({ key, host, port }: Pick<ServerView, 'key' | 'host' | 'port'>, base: string) =>
  [
    { name: 'menu.copyName', text: key },
    { name: 'plan.copyLink', text: new URL(`server/${encodeURIComponent(host)}/${port}`, base).href },
    { name: 'plan.copyCommand', text: `orchestrator -c instance-status -i ${key}` },
  ] as const
