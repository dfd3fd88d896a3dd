import { useEffect } from 'react'

/** The title of the browser's tab: "orders · Topology — Orchestrator". */
export function useTitle(...parts: readonly string[]): void {
  const title = `${parts.filter(part => part !== '').join(' · ')} — Orchestrator`
  useEffect(() => {
    document.title = title
  }, [title])
}
