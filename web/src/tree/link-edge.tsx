import { EdgeLabelRenderer, useStore as useFlow, type EdgeProps } from '@xyflow/react'
import { IconAlertTriangle, IconCircleXFilled, IconPlayerStopFilled, IconQuestionMark } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { mutualPath, pathBetween, type Link } from '../drawing/links.ts'
import { moving } from '../actions/moving.ts'
import { detailAt } from '../drawing/sizes.ts'
import { statusWords } from '../instance/server-words.ts'
import { useStore } from '../ui/store.ts'
import type { LinkLine } from './node-types.ts'

/** One line from source to replica. Well: a plain line. Otherwise thicker, with an icon and words. The same path commands always, so that it glides. */
export const LinkEdge = memo(function LinkEdge({ data, id }: EdgeProps<LinkLine>) {
  const isNear = useFlow(state => detailAt(state.transform[2]) === 'card')
  const replica = data?.link.replica?.key ?? null
  const isMoving = useStore(moving, ({ servers }) => replica !== null && servers.has(replica))
  if (data === undefined) return null
  const { link, from, to, direction } = data
  const { path, labelX, labelY } = link.isMutual ? mutualPath(from, to, direction) : pathBetween(from, to, direction)
  const style = { d: `path("${path}")` }
  return (
    <>
      <path id={id} className={`link link-${link.state}${link.isSemiSync ? ' link-outer' : ''}${isMoving ? ' link-moving' : ''}`} d={path} style={style} fill="none" {...(link.isMutual ? { markerStart: 'url(#link-arrow)', markerEnd: 'url(#link-arrow)' } : {})} />
      {link.isSemiSync ? <path className="link link-inner" d={path} style={style} fill="none" /> : null}
      {isNear ? (
        <EdgeLabelRenderer>
          <div className={`link-label link-label-${link.state}`} style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }} aria-hidden>
            <LinkWords link={link} isMoving={isMoving} />
          </div>
        </EdgeLabelRenderer>
      ) : null}
    </>
  )
})

function LinkWords({ link, isMoving }: { readonly link: Link; readonly isMoving: boolean }) {
  const { t } = useTranslation()
  const { replica } = link
  const words: string[] = isMoving ? [t('link.moving')] : []
  if (replica !== null && link.state !== 'well') {
    const status = replica.statuses.find(each => ['applier-error', 'receiver-error', 'stopped', 'lag', 'lag-unknown'].includes(each.code))
    if (link.state === 'unknown') words.push(t('link.down'))
    else if (status !== undefined) words.push(statusWords(status, replica, t))
    else words.push(t('link.stopped'))
  }
  if (words.length === 0 && link.crossesTo === null) return null
  const Icon =
    link.state === 'broken'
      ? replica?.statuses.some(each => each.code.endsWith('error')) === true
        ? IconCircleXFilled
        : IconPlayerStopFilled
      : link.state === 'slow'
        ? IconAlertTriangle
        : link.state === 'unknown'
          ? IconQuestionMark
          : null
  return (
    <>
      {words.length === 0 ? null : (
        <span>
          {Icon === null ? null : <Icon size={12} />}
          {words.join(' · ')}
        </span>
      )}
      {link.crossesTo === null ? null : <span className="link-site">{t('link.crosses', { site: link.crossesTo })}</span>}
    </>
  )
}
