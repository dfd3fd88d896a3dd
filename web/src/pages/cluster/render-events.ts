import { useEffect, useLayoutEffect } from 'react'

/** Events of the document that scripts of the original's users listen for: the page of a cluster is about to be drawn, and has been. */
export function useRenderEvents(cluster: string): void {
  useLayoutEffect(() => {
    document.dispatchEvent(new CustomEvent('orchestrator:preRenderCluster', { detail: { cluster } }))
  }, [cluster])
  useEffect(() => {
    document.dispatchEvent(new CustomEvent('orchestrator:postRenderCluster', { detail: { cluster } }))
  }, [cluster])
}
