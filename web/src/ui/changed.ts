import { useEffect, useRef, useState } from 'react'

const shownMilliseconds = 1_200

/** True for a moment after the value changed (not when it first appears), so that a change can be shown. */
export function useChanged(value: unknown): boolean {
  const before = useRef(value)
  const [changed, setChanged] = useState(false)
  useEffect(() => {
    if (Object.is(before.current, value)) return
    before.current = value
    setChanged(true)
    const timer = setTimeout(() => setChanged(false), shownMilliseconds)
    return () => clearTimeout(timer)
  }, [value])
  return changed
}
