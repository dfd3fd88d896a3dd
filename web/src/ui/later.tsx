import { lazy, Suspense, type ComponentType } from 'react'
import { Failure } from './page-state.tsx'

/** A part that comes when it is first shown, so that nobody waits for it who does not look at it. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
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
