import type { Reason } from '../kit/reason.ts'

/** The sentence as scripts of the original know it: what a server answered to a statement stands alone there, without the server's name before it. */
export const formerText = ({ code, parameters, text }: Reason): string => (code === 'statement-failed' ? String(parameters['text']) : text)
