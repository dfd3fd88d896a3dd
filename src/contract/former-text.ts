import type { Reason } from '../kit/reason.ts'

/** The sentence as scripts of the original know it: what a server answered to a statement, or that there is no such server, stands alone there, without the server's name. */
export const formerText = ({ code, parameters, text }: Reason): string =>
  code === 'statement-failed' ? String(parameters['text']) : code === 'designated-unknown' ? 'Instance not found' : text
