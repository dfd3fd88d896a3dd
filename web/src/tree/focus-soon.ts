/** Frames to wait for a card that comes into view: those that are not seen are not in the document. */
const framesMax = 60

/** Gives a card the focus as soon as it is there. Meanwhile the pane has it, so that no key is lost. */
export function focusSoon(pane: HTMLElement | null, id: string): void {
  if (pane === null) return
  let frames = 0
  const look = (): void => {
    const card = pane.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    if (card !== null) card.focus({ preventScroll: true })
    else if (frames++ < framesMax) {
      if (document.activeElement !== pane) pane.focus({ preventScroll: true })
      requestAnimationFrame(look)
    }
  }
  requestAnimationFrame(look)
}
