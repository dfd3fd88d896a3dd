import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../ui/copy.tsx'
import { accountStatements, serverKinds, type ServerKind } from './account-statements.ts'

/** The statements that make the account, for the kind of server that is chosen. */
export function AccountStatements() {
  const { t } = useTranslation()
  const [kind, setKind] = useState<ServerKind>('mysql-8')
  const text = accountStatements[kind].join('\n')
  return (
    <>
      <pre className="statements">{text}</pre>
      <div className="row wrap">
        <Select
          size="xs"
          w={170}
          aria-label={t('frameMore.kindOfServer')}
          data={serverKinds}
          value={kind}
          onChange={value => setKind(serverKinds.find(each => each.value === value)?.value ?? 'mysql-8')}
          allowDeselect={false}
        />
        <CopyButton text={text} label={t('discover.copyStatements')} />
      </div>
    </>
  )
}
