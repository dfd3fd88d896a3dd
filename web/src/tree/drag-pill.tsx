import { useTranslation } from 'react-i18next'
import { createPortal } from 'react-dom'
import { verdictOn } from '../drawing/overlay.ts'
import { useNameOf } from '../instance/names.ts'
import { useStore } from '../ui/store.ts'
import { methodKey } from '../words/method-key.ts'
import { useSay } from '../words/say.ts'
import { dragging } from './drag.ts'

/** Above the pointer, so that it does not cover a zone below it, as long as there is room. */
const pillRoomPixels = 120

/** What travels with the pointer, and the sentence of what a drop would do. */
export function DragPill() {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const drag = useStore(dragging, state => state.drag)
  if (drag === null) return null
  const isMany = drag.replicasOf !== null || drag.servers.length > 1
  // The one that they are dropped on stays where it is.
  const moved = drag.servers.filter(key => drag.replicasOf === null || key !== drag.over?.card)
  const server = drag.replicasOf !== null ? t('drag.replicas', { count: moved.length, server: nameOf(drag.replicasOf) }) : drag.servers.length > 1 ? t('servers.count', { count: drag.servers.length }) : nameOf(drag.servers[0] ?? '')
  const verdict = drag.over === null ? null : verdictOn(drag.over.card, drag.excluded, drag.targets)
  let sentence = t('drag.nowhere')
  let tone = 'plain'
  if (drag.over?.zone === 'take-over') {
    sentence = t('drag.promoteSentence', { server })
    tone = 'danger'
  } else if (drag.over !== null && verdict !== null && verdict.move !== null) {
    const refused = verdict.move.verdict === 'refused'
    tone = refused ? 'refused' : 'possible'
    sentence = refused
      ? say(verdict.move.says)
      : t(isMany ? 'drag.sentences' : 'drag.sentence', { server, target: nameOf(drag.over.card), method: t(`method.${methodKey(verdict.move.method)}`), count: verdict.move.steps })
  } else if (drag.over !== null) sentence = t('drag.waiting')
  return createPortal(
    <div
      className={`pill pill-${tone}`}
      style={{ transform: `translate(${drag.pointer.x + 16}px, ${drag.pointer.y - 14}px) translateY(${drag.pointer.y > pillRoomPixels ? '-100%' : '28px'})` }}
      role="status"
    >
      <strong>{server}</strong>
      <span>{sentence}</span>
    </div>,
    document.body,
  )
}
