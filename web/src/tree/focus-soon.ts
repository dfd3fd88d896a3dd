/** So long it is tried: a card that is not seen is not in the document, and one that is new is not to be seen at once. */
const triedMilliseconds = 4000

/** Gives a card the focus as soon as it can have it. Meanwhile the pane has it, so that no key is lost. */
export function focusSoon(pane: HTMLElement | null, id: string): void {
  if (pane === null) return
  const until = performance.now() + triedMilliseconds
  const look = (): void => {
    const card = pane.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    card?.focus({ preventScroll: true })
    if (document.activeElement === card && card !== null) return
    // Whoever has gone elsewhere meanwhile stays there.
    if (document.activeElement !== document.body && !pane.contains(document.activeElement)) return
    if (document.activeElement !== pane) pane.focus({ preventScroll: true })
    if (performance.now() < until) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
