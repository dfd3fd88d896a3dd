import type { Clock } from '../../ports/clock.ts'

/** Does something again and again, the first time after one interval. Answers how to stop it. */
export function every(clock: Pick<Clock, 'after'>, milliseconds: number, act: () => void): () => void {
  let cancel = (): void => undefined
  const again = (): void => {
    cancel = clock.after(milliseconds, () => {
      act()
      again()
    })
  }
  again()
  return () => cancel()
}
