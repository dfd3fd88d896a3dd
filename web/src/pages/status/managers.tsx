import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { GroupView } from '../../../../src/contract/raft.ts'
import { openDialog } from '../../actions/dialogs.ts'
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
  // Only the one that leads can hand its part over.
  const handsOver = group.mode === 'raft' && own.state === 'leader' && group.members.some(({ votes, isSelf }) => votes && !isSelf)
  const handOver = (node: string): void =>
    openDialog({
      kind: 'ask',
      request: {
        operation: 'raft-yield', title: t('managers.handOverTo', { name: node }),
        text: t('managers.handOverText', { name: node }), runLabel: t('managers.handOver'),
        input: { node }, fields: [], next: { lines: () => [t('managers.handedOver', { name: node })] },
      },
    })
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
              {handsOver ? <th scope="col">{t('managers.change')}</th> : null}
            </tr>
          </thead>
          <tbody>
            {group.members.map(member => (
              <tr key={member.name}>
                <td className="mono">{member.isSelf ? t('managers.self', { name: member.name }) : member.name}</td>
                <td>{t(`managers.${partOf(member, group)}`)}</td>
                <td className={member.isHeard === false ? 'ink-critical' : ''}>{t(`managers.${member.isHeard === null ? 'notKnown' : member.isHeard ? 'yes' : 'no'}`)}</td>
                <td className="mono">{placeOf(member, t('managers.notKnown'))}</td>
                <td>{member.uri === null ? t('managers.notKnown') : <a href={member.uri}>{member.uri}</a>}</td>
                {handsOver ? (
                  <td>
                    {member.votes && !member.isSelf ? (
                      <Button
                        size="compact-xs"
                        variant="default"
                        disabled={whyNot !== null}
                        {...(whyNot === null ? {} : { title: whyNot })}
                        onClick={() => handOver(member.name)}
                      >
                        {t('managers.handOver')}
                      </Button>
                    ) : null}
                  </td>
                ) : null}
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
    </section>
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
