import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { moveMethods, type MoveMethod } from './acts/move-methods.ts'
import { openDialog, type PlanRequest } from './dialogs.ts'
import { kindOfMove } from './plan-link.ts'

// The edge: Object.keys loses the literal names; these are the keys of the table.
const methods = Object.keys(moveMethods) as readonly MoveMethod[]

/** The same move by another method: another plan, to be read anew. Nothing for what is no move. */
export function MethodChooser({ request }: { readonly request: PlanRequest }) {
  const { t } = useTranslation()
  const what = kindOfMove(request.operation)
  if (what === null) return null
  const offered = methods.filter(method => moveMethods[method][what] !== null)
  const present = offered.find(method => moveMethods[method][what] === request.operation) ?? 'auto'
  return (
    <Select
      size="xs"
      className="method-chooser"
      label={t('move.method')}
      data={offered.map(value => ({ value, label: t(`move.methods.${value}`) }))}
      value={present}
      onChange={value => {
        const operation = moveMethods[offered.find(each => each === value) ?? 'auto'][what]
        if (operation !== null && operation !== request.operation) openDialog({ kind: 'plan', request: { ...request, operation } })
      }}
      allowDeselect={false}
    />
  )
}
