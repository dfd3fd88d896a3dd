import { lazy, Suspense, type ComponentType } from 'react'
import { Failure } from './page-state.tsx'

/**
 * A part that nobody waits for who does not look at it. It is fetched as soon as the page has nothing else to do, so that it opens at once, and
 * also when the program has gone by then.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  whenIdle(() => void load().catch(() => undefined))
  const Part = lazy(async () => {
    try {
      return { default: await load() }
    } catch (error) {
      // The program may be another version by now, whose files have other names.
      return { default: () => <Failure error={error} retry={() => location.reload()} /> }
    }
  })
  return props => (
    <Suspense fallback={null}>
      <Part {...props} />
    </Suspense>
  )
}

const idleWithinMilliseconds = 1_000

/** Not every browser tells when it is idle. */
const whenIdle = (act: () => void): void => {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: idleWithinMilliseconds })
  else setTimeout(act, idleWithinMilliseconds)
}
