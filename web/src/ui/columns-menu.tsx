import { Button, Menu } from '@mantine/core'
import { IconCheck, IconColumns3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Columns } from './columns.ts'

/** Which columns the table beside it shows. */
export function ColumnsMenu<Name extends string>({ columns, label }: { readonly columns: Columns<Name>; readonly label: (name: Name) => string }) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end" width={230} withinPortal closeOnItemClick={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconColumns3 size={15} />} className="wide-only">
          {t('lists.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('lists.columns')}>
        {columns.all.map(name => {
          const isShown = columns.shown.includes(name)
          return (
            <Menu.CheckboxItem key={name} checked={isShown} checkIcon={<IconCheck size={15} />} onChange={() => columns.toggle(name)}>
              {label(name)}
            </Menu.CheckboxItem>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
