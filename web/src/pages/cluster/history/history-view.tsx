import { Button } from '@mantine/core'
import { ReactFlowProvider } from '@xyflow/react'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryView as Bounds, PastView } from '../../../../../src/contract/history.ts'
import type { ClusterView } from '../../../../../src/contract/views.ts'
import { queries } from '../../../api/queries.ts'
import { RequestFailure } from '../../../api/request.ts'
import { coloursBy } from '../../../drawing/colours.ts'
import type { ClusterSearch } from '../../../router.tsx'
import { TopologyTree } from '../../../tree/topology-tree.tsx'
import { Empty, Failure, Loading } from '../../../ui/page-state.tsx'
import { usePreference } from '../../../ui/preferences.ts'
import { clock, duration, fullTime } from '../../../words/format.ts'
import { Banner } from '../../banner.tsx'
import { useSetClusterSearch } from '../use-cluster-search.ts'
import { ChangeList } from './change-list.tsx'
import { pastCluster } from './past-server.ts'
import { pastMembers } from './past-members.ts'
import { PastList } from './past-list.tsx'
import { TimeControls } from './time-controls.tsx'
import './history.css'

const foldFrom = 60
const narrowPixels = 640
/** While the slider is pulled not every moment is asked for. */
const settleMilliseconds = 150
const nobody: ReadonlySet<string> = new Set()

export interface HistoryViewProps {
  readonly cluster: ClusterView
  readonly search: ClusterSearch
  readonly suffix: string
  readonly at: number
}

/** The topology as it was: the same drawing, in which nothing can be done, and what changed. */
export function HistoryView({ cluster, search, suffix, at }: HistoryViewProps) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const bounds = useQuery(queries.history(cluster.name))
  const back = useCallback(() => setSearch({ at: undefined, from: undefined }), [setSearch])
  if (bounds.isPending) return <Loading lines={3} />
  if (bounds.isError && bounds.data === undefined)
    return (
      <div className="tab-page">
        <Failure error={bounds.error} retry={() => void bounds.refetch()} />
      </div>
    )
  const { isKept, from } = bounds.data
  if (from === null) {
    return (
      <div className="tab-page">
        <Empty title={isKept ? t('past.nothingYet') : t('past.notKept')}><Button onClick={back}>{t('past.now')}</Button></Empty>
      </div>
    )
  }
  // The clock of this machine may be ahead of theirs.
  return <Shown cluster={cluster} search={search} suffix={suffix} at={Math.min(at, bounds.data.now)} bounds={bounds.data} oldest={from} back={back} />
}

function Shown({ cluster, search, suffix, at, bounds, oldest, back }: HistoryViewProps & { readonly bounds: Bounds; readonly oldest: number; readonly back: () => void }) {
  const setSearch = useSetClusterSearch()
  const [shown, choose] = useSettling(at, moment => setSearch({ at: moment }))
  const past = useQuery({ ...queries.past(cluster.name, at), placeholderData: before => before })
  const isTooOld = past.isError && past.error instanceof RequestFailure && past.error.status === 404
  const compared = search.from ?? null
  return (
    <div className="topology is-past">
      {past.data === undefined || isTooOld ? null : <Band view={past.data} at={shown} now={bounds.now} />}
      <TimeControls history={bounds} at={shown} compared={compared} choose={choose} back={back} />
      {isTooOld ? <TooOld at={at} oldest={oldest} choose={choose} /> : null}
      {past.isError && !isTooOld && past.data === undefined ? <Failure error={past.error} retry={() => void past.refetch()} /> : null}
      {past.isPending ? <Loading lines={3} /> : null}
      {past.data === undefined || isTooOld ? null : <Drawn cluster={cluster} search={search} suffix={suffix} view={past.data} />}
      {isTooOld ? null : (
        <ChangeList cluster={cluster.name} at={at} oldest={oldest} compared={compared} show={choose} compare={from => setSearch({ from: from ?? undefined })} />
      )}
    </div>
  )
}

function Band({ view, at, now }: { readonly view: PastView; readonly at: number; readonly now: number }) {
  const { t } = useTranslation()
  return (
    <Banner tone="info" icon={<IconHistory size={20} />} acts={null}>
      <strong>{now - at < 2000 ? t('past.bandNow', { time: fullTime(at) }) : t('past.band', { time: fullTime(at), ago: duration((now - at) / 1000) })}</strong>
      {view.knownAt < view.at ? <div>{t('past.gap', { at: clock(view.at), known: clock(view.knownAt) })}</div> : null}
    </Banner>
  )
}

function TooOld({ at, oldest, choose }: { readonly at: number; readonly oldest: number; readonly choose: (at: number) => void }) {
  const { t } = useTranslation()
  return (
    <div className="tab-page">
      <Empty title={t('past.tooOld', { time: fullTime(at), oldest: fullTime(oldest) })}><Button onClick={() => choose(oldest)}>{t('past.toOldest')}</Button></Empty>
    </div>
  )
}

function Drawn({ cluster, search, suffix, view }: { readonly cluster: ClusterView; readonly search: ClusterSearch; readonly suffix: string; readonly view: PastView }) {
  const { t } = useTranslation()
  const [selected, select] = useState<string | null>(null)
  const then = useMemo(() => pastCluster(view, cluster), [view, cluster.name, cluster.alias])
  useLayoutEffect(() => pastMembers.set(state => ({ ...state, members: then.members })), [then.members])
  useEffect(() => () => pastMembers.set({ members: [], mentioned: [] }), [])
  const [preferredView, direction, colourBy] = [usePreference('view'), usePreference('direction'), usePreference('colourBy')]
  const colours = useMemo(() => coloursBy(then.members, colourBy), [then.members, colourBy])
  const isList = (search.view ?? preferredView) !== 'tree' || window.innerWidth < narrowPixels
  if (then.members.length === 0) return <p className="dim past-empty">{t('past.noServers')}</p>
  const said = view.servers.find(({ key }) => key === selected)?.statuses.filter(({ text }) => text !== '') ?? []
  return (
    <>
      {then.alias === cluster.alias && (then.alias !== then.name || then.name === cluster.name) ? null : (
        <p className="dim past-empty">{t('past.called', { name: then.alias })}</p>
      )}
      {isList ? (
        <PastList members={then.members} />
      ) : (
        <div className="topology-body past-body">
          <ReactFlowProvider>
            <TopologyTree
              cluster={then}
              selected={selected}
              select={select}
              chosen={nobody}
              choose={ignore}
              chooseAll={ignore}
              depthMax={search.depth ?? null}
              direction={direction}
              colours={colours}
              query={search.q ?? ''}
              foldAlike={then.members.length > foldFrom}
              mayAct={false}
              isPast
              suffix={suffix}
              act={ignore}
            />
          </ReactFlowProvider>
        </div>
      )}
      {said.length === 0 ? null : (
        <p className="past-said" role="status">
          <strong>{t('past.said')}</strong> {said.map(({ text }) => text).join(' · ')}
        </p>
      )}
    </>
  )
}

const ignore = (): void => undefined

/** What the hand shows at once; the address, and what is fetched, follow when it rests. */
function useSettling(at: number, settle: (at: number) => void): readonly [number, (at: number) => void] {
  const [shown, setShown] = useState(at)
  const settling = useRef(settle)
  settling.current = settle
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setShown(at), [at])
  useEffect(() => () => clearTimeout(timer.current), [])
  const choose = useCallback((moment: number) => {
    setShown(moment)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => settling.current(moment), settleMilliseconds)
  }, [])
  return [shown, choose]
}
