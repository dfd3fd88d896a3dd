import type { MeView } from '../../../src/contract/views.ts'

/** The stream's first word says who we are; waiting for it a moment saves a request of its own. */
const patienceMilliseconds = 1_500

const { promise, resolve } = Promise.withResolvers<MeView>()
export const heardHello = (me: MeView): void => resolve(me)
export const helloSoon = (): Promise<MeView | null> =>
  Promise.race([promise, new Promise<null>(giveUp => setTimeout(() => giveUp(null), patienceMilliseconds))])
