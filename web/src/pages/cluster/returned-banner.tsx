import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReturnedPrimary } from '../../../../src/contract/returned.ts'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { CloneProgressBar } from '../../actions/clone-progress.tsx'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { useNameOf } from '../../instance/names.ts'
import { useSay } from '../../words/say.ts'
import { Banner } from '../banner.tsx'

/** Primaries of this cluster that were replaced and follow nobody yet: how each is judged, and what may be done with it. */
export function ReturnedBanners({ cluster }: { readonly cluster: ClusterView }) {
  const { data } = useQuery(queries.returned)
  const members = new Set(cluster.members.map(({ key }) => key))
  const own = (data ?? []).filter(({ server, primary }) => members.has(server) || (primary !== null && members.has(primary)))
  return own.map(returned => <Returned key={returned.server} returned={returned} />)
}

const tones: Readonly<Record<ReturnedPrimary['verdict'], 'critical' | 'warning' | 'info'>> = {
  'takes-writes': 'critical',
  'diverged': 'warning',
  'unproven': 'warning',
  'cannot-follow': 'warning',
  'no-primary': 'warning',
  'not-seen': 'info',
  'clean': 'info',
  'follows': 'info',
}

/** Leaving it as it is needs no button. */
const offered = {
  'rejoin': { act: 'rejoin', operation: 'rejoin-primary', isTyped: false },
  'inject-empty': { act: 'rejoinInjectEmpty', operation: 'rejoin-primary-inject-empty', isTyped: true },
  'reprovision': { act: 'reprovision', operation: 'reprovision', isTyped: true },
} as const

function Returned({ returned }: { readonly returned: ReturnedPrimary }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const whyNot = useMayAct()
  const { data: operations } = useQuery(queries.operations)
  const { server, alias, recovery, verdict, because, offers } = returned
  const name = nameOf(server)
  // It stands in a cluster of its own now, so this page may not know what it is called.
  const words = { server: name === server && alias !== '' ? alias : name }
  const isCloning = operations?.some(operation => operation.name === 'reprovision' && operation.state === 'running' && operation.servers.includes(server)) === true
  const ask = (offer: keyof typeof offered): void => {
    const { act, operation, isTyped } = offered[offer]
    openDialog({
      kind: 'plan',
      request: {
        operation,
        input: { instance: server },
        title: t(`act.${act}.title`, words),
        runLabel: t(`act.${act}.run`, words),
        note: t(`act.${act}.text`, words),
        typed: isTyped ? words.server : null,
      },
    })
  }
  return (
    <Banner
      tone={tones[verdict]}
      icon={<IconArrowBackUp size={20} />}
      isAlert={verdict === 'takes-writes'}
      acts={
        <>
          <Link to="/audit-recovery/uid/$uid" params={{ uid: recovery }} className="button-link">
            {t('returned.recovery')}
          </Link>
          {isCloning
            ? null
            : offers.map(({ offer }) =>
                offer === 'keep' ? null : (
                  <Button
                    key={offer}
                    size="xs"
                    variant={offer === 'rejoin' ? 'filled' : 'default'}
                    disabled={whyNot !== null}
                    {...(whyNot === null ? {} : { title: whyNot })}
                    onClick={() => ask(offer)}
                  >
                    {t(`returned.${offer}`)}
                  </Button>
                ),
              )}
        </>
      }
    >
      <strong>{t('returned.title', words)}</strong> {say(because)}
      {isCloning ? <CloneProgressBar server={server} /> : null}
    </Banner>
  )
}
