import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { GroupView } from '../../../../src/contract/raft.ts'
import { groupActs, type ManagerActName, memberActs } from '../../actions/acts/managers.ts'
import { openGroup, openMember } from '../../actions/manager-dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { number } from '../../words/format.ts'
import { useSay } from '../../words/say.ts'

/** The managers as one: who leads, who is there, how far each is, and how many more may fail. Nothing where this one is alone by intent. */
export function Managers() {
  const { t } = useTranslation()
  const say = useSay()
  const whyNot = useMayAct()
  const { data: own } = useQuery(queries.group)
  const { data: led } = useQuery(queries.groupOfLeader(own !== undefined && own.mode !== 'shared-store' && own.state !== 'leader' && own.leader !== null))
  const group = own === undefined ? undefined : knownBest(own, led)
  if (own === undefined || group === undefined || (group.mode === 'shared-store' && group.members.length < 2)) return null
  // What can be done is judged by what this manager knows of its own part, and by what the leader knows of the members.
  const onRows = memberActs.filter(act => group.members.some(member => act.isOffered(group, member)))
  const onAll = groupActs.filter(act => act.isOffered(group))
  const versions = new Set(group.members.flatMap(({ version }) => version ?? []))
  const ownVersion = group.members.find(({ isSelf }) => isSelf)?.version ?? null
  const versionOf = (version: string | null): string =>
    version === null ? t('managers.notKnown') : version === ownVersion ? version : t('statusWork.versionDiffers', { version })
  const isWell = group.leader !== null && group.isPartOfQuorum && group.quorum.code !== 'quorum-at-its-end'
  return (
    <section className="managers" aria-labelledby="managers-title">
      <h2 id="managers-title">{t('managers.title')}</h2>
      <p className={`health ${group.leader === null ? 'ink-critical' : isWell ? 'ink-ok' : 'ink-warning'}`}>
        {isWell ? <IconCircleCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
        {say(group.quorum)}
      </p>
      <p className="dim">{say(own.says)}</p>
      <div className="table-scroll">
        <table className="table compact">
          <thead>
            <tr>
              <th scope="col">{t('managers.member')}</th>
              <th scope="col">{t('managers.part')}</th>
              <th scope="col">{t('managers.answers')}</th>
              <th scope="col">{t('managers.entry')}</th>
              <th scope="col">{t('managers.address')}</th>
              <th scope="col">{t('statusWork.version')}</th>
              <th scope="col">{t('statusWork.store')}</th>
              {onRows.length > 0 ? <th scope="col">{t('managers.change')}</th> : null}
            </tr>
          </thead>
          <tbody>
            {group.members.map((member, index) => (
              <tr key={`${member.name} ${index}`}>
                <td className="mono">{member.isSelf ? t('managers.self', { name: member.name }) : member.name}</td>
                <td>{t(`managers.${partOf(member, group)}`)}</td>
                <td className={member.isHeard === false ? 'ink-critical' : ''}>{t(`managers.${member.isHeard === null ? 'notKnown' : member.isHeard ? 'yes' : 'no'}`)}</td>
                <td className="mono">{placeOf(member, t('managers.notKnown'))}</td>
                <td>{member.uri === null ? t('managers.notKnown') : <a href={member.uri}>{member.uri}</a>}</td>
                <td className={versions.size > 1 && member.version !== ownVersion && member.version !== null ? 'ink-warning' : ''}>{versionOf(member.version)}</td>
                <td>{member.backend ?? t('managers.notKnown')}</td>
                {onRows.length === 0 ? null : (
                  <td>
                    <div className="act-row">
                      {onRows.filter(act => act.isOffered(group, member)).map(act => (
                        <ActButton key={act.name} name={act.name} about={member.name} isSmall whyNot={whyNot} open={() => openMember(act, member)} />
                      ))}
                    </div>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {own.log === null ? null : (
        <p className="dim">
          {t('managers.log', {
            term: number(own.term), last: number(own.log.last), committed: number(own.log.committed), applied: number(own.log.applied), snapshot: number(own.log.snapshot),
          })}
        </p>
      )}
      {onAll.length === 0 ? null : (
        <div className="act-row">
          {onAll.map(act => (
            <ActButton key={act.name} name={act.name} whyNot={whyNot} open={() => openGroup(act, group)} />
          ))}
        </div>
      )}
    </section>
  )
}

interface ActButtonProps {
  readonly name: ManagerActName
  /** Which of several buttons with the same words this is, for whoever hears the page. */
  readonly about?: string
  readonly isSmall?: boolean
  readonly whyNot: string | null
  readonly open: () => void
}

function ActButton({ name, about, isSmall = false, whyNot, open }: ActButtonProps) {
  const { t } = useTranslation()
  const label = t(`managerAct.${name}.button`)
  return (
    <Button
      size={isSmall ? 'compact-xs' : 'xs'}
      variant="default"
      disabled={whyNot !== null}
      {...(whyNot === null ? {} : { title: whyNot })}
      {...(about === undefined ? {} : { 'aria-label': `${label}: ${about}` })}
      onClick={open}
    >
      {label}
    </Button>
  )
}

/** The leader hears all members; which of them this one is stays true, and what another one said while it led is not shown. */
function knownBest(own: GroupView, led: GroupView | undefined): GroupView {
  if (led === undefined || own.leader === null || led.state !== 'leader' || led.self !== own.leader.name || led.term !== own.term) return own
  return { ...led, self: own.self, state: own.state, members: led.members.map(member => ({ ...member, isSelf: member.name === own.self })) }
}

type Member = GroupView['members'][number]

function partOf({ isLeader, isSelf, votes }: Member, { state, leader }: GroupView): 'leads' | 'follows' | 'learns' | 'stands' | 'stopped' | 'votes' {
  if (isLeader) return 'leads'
  if (isSelf && state === 'candidate') return 'stands'
  if (isSelf && state === 'stopped') return 'stopped'
  return !votes ? 'learns' : leader === null ? 'votes' : 'follows'
}

const placeOf = ({ matched, behind }: Member, unknown: string): string =>
  matched === null ? unknown : behind === null || behind === 0 ? number(matched) : `${number(matched)} (−${number(behind)})`
