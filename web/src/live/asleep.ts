/** A page that nobody has looked at for so long needs no news. */
export const asleepAfterMilliseconds = 600_000

/** Calls `sleep` when the page was hidden for long, and `wake` when it is looked at again; `look` each time it is looked at. Answers how to stop. */
export function watchSleep({ sleep, wake, look }: { sleep(): void; wake(): void; look(): void }, page: Document = document): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isAsleep = false
  const stopTimer = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const changed = (): void => {
    stopTimer()
    if (page.visibilityState === 'hidden') {
      timer = setTimeout(() => {
        isAsleep = true
        sleep()
      }, asleepAfterMilliseconds)
      return
    }
    if (isAsleep) wake()
    else look()
    isAsleep = false
  }
  page.addEventListener('visibilitychange', changed)
  return () => {
    stopTimer()
    page.removeEventListener('visibilitychange', changed)
  }
}
